import Glibc

/// The reason why a file with a secret is not used.
package enum SecretFileError: Error, Equatable {
    case unreadable(SystemError)

    /// Others could have read or written it.
    case exposed(String)

    /// It does not contain text.
    case unusable(String)
}

extension SecretFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .exposed(let reason), .unusable(let reason): reason
        }
    }
}

/// Files that contain a secret, such as a key.
package enum SecretFile {
    /// The most bytes of a secret.
    private static let limit = 1 << 16

    /// Reads a secret, without the newlines at its end. Like ssh(1) with a private key, this refuses
    /// a file of the user's that others may read. Files of root, such as those that containers are
    /// given, and pipes are read whatever their mode.
    package static func read(_ path: String) throws(SecretFileError) -> String {
        let (bytes, file): ([UInt8], File)
        do throws(SystemError) {
            (bytes, file) = try File.read(path, limit: limit)
        } catch {
            throw .unreadable(error)
        }
        if file.kind == .regular {
            if file.owner == geteuid() {
                guard file.mode & 0o077 == 0 else {
                    throw .exposed(
                        "others may read the key in '\(path)' (mode "
                            + "\(String(file.mode, radix: 8))); chmod 600 '\(path)'")
                }
            } else if file.owner != 0 {
                throw .exposed("'\(path)' belongs to user \(file.owner), expected you or root")
            }
        }
        return try text(bytes, from: path)
    }

    /// Returns a text without the newlines at its end.
    static func text(_ bytes: [UInt8], from path: String) throws(SecretFileError) -> String {
        var bytes = bytes[...]
        while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard !bytes.isEmpty else { throw .unusable("'\(path)' is empty, expected a key in it") }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw .unusable("'\(path)' does not contain text in UTF-8")
        }
        return text
    }
}
