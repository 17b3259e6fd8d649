internal import OpenSSL
internal import Unix

/// The user's key, with which the programs sign what a model had read.
///
/// A record that was made by others, or a program that drops or changes a mark, cannot make a mark
/// that fits. A program that the user runs can, as it can read the key; but it can also do by
/// itself whatever a tool does.
package struct TaintKey: Sendable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The key in the user's own file, which is made when it is first needed.
    package static let ofUser: Result<TaintKey, TaintKeyError> = Result {
        () throws(TaintKeyError) in try read(environment: Environment.current)
    }

    private static let size = 32

    private static func read(environment: [String: String]) throws(TaintKeyError) -> TaintKey {
        guard let state = BaseDirectories(environment: environment).state else {
            throw TaintKeyError(problem: "cannot find the key for marks: HOME is not set")
        }
        let path = "\(state)/hector/taint.key"
        do throws(SystemError) {
            if let key = try existing(path) { return key }
            let fresh = (0..<size).map { _ in UInt8.random(in: 0...255) }
            if try PrivateFile.create(path, fresh) { return TaintKey(fresh) }
            // Another process was faster.
            if let key = try existing(path) { return key }
        } catch {
            throw TaintKeyError(problem: "\(error)")
        }
        throw TaintKeyError(problem: "'\(path)' is not used as the key for marks: delete it")
    }

    /// - Returns: Nil if there is no such file, or others may know or have written the key.
    private static func existing(_ path: String) throws(SystemError) -> TaintKey? {
        do throws(SystemError) {
            let (bytes, file) = try File.readRegular(path, limit: size)
            guard file.danger == nil, file.mode & 0o077 == 0, bytes.count == size else {
                return nil
            }
            return TaintKey(bytes)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// The digits of a digest: enough that no other text with the same one can be found.
    private static let digits = 32

    /// Returns the digest of texts, each of which counts with its length, so that no text can pass
    /// for the end of one and the beginning of another.
    func digest(_ kind: StaticString, _ fields: [String]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(64) { $0 + $1.utf8.count + 8 })
        for field in [kind.description] + fields {
            let count = UInt64(field.utf8.count)
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: count >> UInt64(shift)))
            }
            bytes += field.utf8
        }
        return String(HMAC.hex(of: bytes, key: self.bytes).prefix(Self.digits))
    }
}

/// The reason why there is no key.
package struct TaintKeyError: Error, Equatable, CustomStringConvertible {
    let problem: String

    package var description: String { problem }
}
