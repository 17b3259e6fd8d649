internal import HTTP
internal import OpenSSL
internal import Unix

/// A blob that is being written to a file while it arrives.
final class BlobDownload {
    private let descriptor: Descriptor
    private let file: NewFile
    private let digest = SHA256Stream()

    /// The number of bytes so far.
    private(set) var received = 0

    init(_ descriptor: Descriptor, to path: String) throws {
        self.descriptor = descriptor
        file = try NewFile(path, mode: 0o600)
    }

    /// Begins again.
    func restart() throws {
        if received == 0 { return }
        try file.empty()
        digest.restart()
        received = 0
    }

    /// - Throws: Also for more bytes than the blob has.
    func add(_ bytes: [UInt8]) throws {
        received += bytes.count
        guard received <= descriptor.size else {
            throw RegistryError(
                .wrong, "the blob \(descriptor.digest) is longer than \(descriptor.size) bytes")
        }
        do throws(SystemError) { try file.write(bytes) } catch {
            throw RegistryError(.unreadable, "\(error)")
        }
        digest.add(bytes)
    }

    /// - Throws: `.interrupted` for an answer that has ended too early, which is tried again.
    func checkLength() throws {
        guard received < descriptor.size else { return }
        throw HTTPError(
            .interrupted,
            "the blob \(descriptor.digest) ended after \(received) of \(descriptor.size) bytes")
    }

    /// Checks the digest.
    func finish(_ name: String) throws {
        let found = "sha256:" + digest.finish()
        guard found == descriptor.digest else {
            throw RegistryError(
                .wrong,
                "a part of '\(name)' is not what it has to be: its digest is \(found), expected "
                    + descriptor.digest)
        }
        do throws(SystemError) { try file.flush() } catch {
            throw RegistryError(.unreadable, "\(error)")
        }
    }
}
