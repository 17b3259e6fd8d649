internal import JSON
internal import OpenSSL
internal import Unix

/// The blobs and manifests that were fetched from registries, by their digests, and what tags stood
/// for: `$XDG_CACHE_HOME/hector/oci`.
///
/// What is in it is checked against its digest each time that it is used.
package struct BlobCache: Sendable {
    package let folder: String

    /// The bytes that it may take; the files that were used last stay.
    private let limit: Int

    package init(_ folder: String, limit: Int = 1 << 30) throws(RegistryError) {
        self.folder = folder
        self.limit = limit
        do throws(SystemError) {
            try PrivateFile.makeDirectory("\(folder)/blobs")
            try PrivateFile.makeDirectory("\(folder)/refs")
        } catch {
            throw RegistryError(.unreadable, "\(error)")
        }
    }

    /// Returns the path of a blob.
    func path(_ digest: String) -> String { "\(folder)/blobs/\(digest.dropFirst(7))" }

    /// Returns the path of a blob that is there and undamaged. A damaged one is deleted.
    func find(_ digest: String) -> String? {
        let path = path(digest)
        guard let hex = try? SHA256.hex(ofFile: path) else { return nil }
        guard "sha256:" + hex == digest else {
            try? File.remove(path)
            return nil
        }
        File.touch(path)
        return path
    }

    /// Returns a small blob.
    func bytes(_ digest: String, limit: Int) -> [UInt8]? {
        guard let path = find(digest),
            let bytes = try? File.readRegular(path, limit: limit).bytes,
            "sha256:" + SHA256.hex(of: bytes) == digest
        else { return nil }
        return bytes
    }

    /// Keeps a small blob.
    func keep(_ bytes: [UInt8], _ digest: String) throws(RegistryError) {
        do throws(SystemError) { try PrivateFile.replace(path(digest), by: bytes) } catch {
            throw RegistryError(.unreadable, "\(error)")
        }
    }

    /// Returns the digest that a reference with a tag stood for when it was last asked for.
    func digest(of reference: String) -> String? {
        guard let bytes = try? File.readRegular(referencePath(reference), limit: 4096).bytes,
            let value = try? Value(parsing: bytes), value["reference"]?.string == reference,
            let digest = value["digest"]?.string, isDigest(digest)
        else { return nil }
        return digest
    }

    func keep(_ reference: String, _ digest: String) {
        let value: Value = ["reference": .string(reference), "digest": .string(digest)]
        try? PrivateFile.replace(referencePath(reference), by: Array("\(value)\n".utf8))
    }

    private func referencePath(_ reference: String) -> String {
        "\(folder)/refs/\(SHA256.hex(of: Array(reference.utf8)))"
    }

    /// Deletes what was used longest ago until the rest is within the limit, and what an
    /// interrupted download has left.
    func trim() {
        let blobs = "\(folder)/blobs"
        var files: [(path: String, file: File)] = []
        for name in (try? Directory.names(in: blobs)) ?? [] {
            let path = "\(blobs)/\(name)"
            guard let file = try? File(path, followsLink: false) else { continue }
            if name.hasPrefix(Self.partial) {
                if FileStamp.now - file.modified > Self.oldest { try? File.remove(path) }
            } else {
                files.append((path, file))
            }
        }
        var total = files.reduce(0) { $0 + $1.file.size }
        for (path, file) in files.sorted(by: { $0.file.modified < $1.file.modified }) {
            if total <= limit { break }
            try? File.remove(path)
            total -= file.size
        }
    }

    static let partial = ".partial-"

    /// The age at which an unfinished download is not another process's any more: a day in
    /// nanoseconds.
    private static let oldest = 86_400 * 1_000_000_000
}
