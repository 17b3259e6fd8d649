import COpenSSL
import Glibc

/// SHA-256 digests as 64 lower-case hexadecimal digits, as sha256sum(1) prints them.
package enum SHA256 {
    package static func hex(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: size)
        let succeeded = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        precondition(succeeded == 1, "OpenSSL has no SHA-256")
        return hex(digest: digest)
    }

    /// Reads the file in pieces, so its size does not matter.
    package static func hex(ofFile path: String) throws(FileError) -> String {
        // Without O_NONBLOCK opening a pipe waits for its other end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(path: path, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }

        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var succeeded = EVP_DigestInit_ex(context, EVP_sha256(), nil)
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count == 0 { break }
            if count > 0 {
                succeeded &= EVP_DigestUpdate(context, piece, count)
            } else if errno != EINTR {
                throw FileError(path: path, code: errno)
            }
        }
        var digest = [UInt8](repeating: 0, count: size)
        succeeded &= EVP_DigestFinal_ex(context, &digest, nil)
        precondition(succeeded == 1, "OpenSSL has no SHA-256")
        return hex(digest: digest)
    }

    /// Compares two digests in a time that does not reveal where they differ. Upper and lower case
    /// are the same.
    package static func areEqual(_ first: String, _ second: String) -> Bool {
        let first = Array(first.lowercased().utf8)
        let second = Array(second.lowercased().utf8)
        guard first.count == second.count else { return false }
        return CRYPTO_memcmp(first, second, first.count) == 0
    }

    private static let size = 32

    static func hex(digest: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: digest.count * 2) { text in
            for (index, byte) in digest.enumerated() {
                text[index * 2] = digits[Int(byte >> 4)]
                text[index * 2 + 1] = digits[Int(byte & 15)]
            }
            return digest.count * 2
        }
    }
}

/// A file that could not be read.
package struct FileError: Error, Equatable {
    package let path: String

    /// The `errno` of the failure.
    package let code: Int32

    package init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }
}

extension FileError: CustomStringConvertible {
    package var description: String { "cannot read '\(path)': \(String(cString: strerror(code)))" }
}
