internal import HTTP
package import OpenSSL
package import PackageFiles
internal import Unix

/// An artifact in a registry, and the cache in front of it.
package final class Artifact {
    private let reference: Reference
    private let cache: BlobCache
    private let connection: RegistryConnection

    /// True if the registry is not asked.
    private var isOffline: Bool

    /// The warnings for the user, in lower case and without a full stop.
    package private(set) var warnings: [String] = []

    /// The most bytes of a layer as it is in the registry.
    private static let largestLayer = 2 << 30
    private static let largestSignature = 1 << 20

    /// The digests of tags as they are now, which are remembered once all of it has been checked.
    private var fetchedTags: [(name: String, digest: String)] = []

    package init(
        _ reference: Reference, cache: BlobCache, environment: [String: String], isOffline: Bool
    ) {
        self.reference = reference
        self.cache = cache
        self.isOffline = isOffline
        connection = RegistryConnection(reference, environment: environment)
    }

    /// Fetches the artifact and unpacks it into an empty folder.
    ///
    /// Nothing is unpacked before its digest and, if there is a key, its signature is checked.
    ///
    /// - Returns: The digest of the manifest or index that the reference stands for.
    package func unpack(
        into folder: String, signedBy key: SigningKey?
    ) async throws(PackageError) -> String {
        // Also what came before a failure.
        defer { cache.trim() }
        let digest: String
        var blobs: [(Descriptor, String)] = []
        do throws(RegistryError) {
            let (found, layers) = try await resolve(signedBy: key)
            digest = found
            try checkRoom(for: layers)
            for layer in layers { blobs.append((layer, try await blob(layer))) }
        } catch {
            throw error.asPackageError
        }
        try unpackLayers(blobs, into: folder)
        for (name, digest) in fetchedTags { cache.keep(name, digest) }
        return digest
    }

    /// Checks that the layers together are not larger than a package may be.
    private func checkRoom(for layers: [Descriptor]) throws(RegistryError) {
        var room = PackageLimits().bytes
        for layer in layers {
            guard layer.size <= room else {
                throw RegistryError(
                    .wrong,
                    "the layers of '\(reference.text)' have more than \(PackageLimits().bytes) bytes"
                )
            }
            room -= layer.size
        }
    }

    // MARK: Manifests

    /// Returns the digest of the reference and the layers for this machine.
    private func resolve(
        signedBy key: SigningKey?
    ) async throws(RegistryError) -> (digest: String, layers: [Descriptor]) {
        let (bytes, digest) = try await manifest(reference.wanted)
        var digests = [digest]
        var layers: [Descriptor]
        switch try StoredManifest(bytes, from: "'\(reference.text)'") {
        case .image(let found): layers = found
        case .index(let manifests):
            let chosen = try choose(among: manifests)
            digests.append(chosen.digest)
            let (bytes, _) = try await manifest(chosen.digest)
            guard bytes.count == chosen.size,
                case .image(let found) = try StoredManifest(bytes, from: "'\(chosen.digest)'")
            else {
                throw RegistryError(
                    .wrong, "the index of '\(reference.text)' does not lead to a manifest")
            }
            layers = found
        }
        if let key { try await checkSignature(of: digests, by: key) }
        layers.removeAll { $0.content == .nothing }
        if layers.isEmpty { throw RegistryError(.wrong, "'\(reference.text)' has no layers") }
        return (digest, layers)
    }

    private func choose(among manifests: [Descriptor]) throws(RegistryError) -> Descriptor {
        let own = manifests.first { $0.platform == StoredManifest.platform }
        if let chosen = own ?? manifests.first(where: { $0.platform == nil }) { return chosen }
        let known = Set(manifests.compactMap(\.platform)).subtracting(["unknown/unknown"]).sorted()
        throw RegistryError(
            .missing,
            "'\(reference.text)' is not for \(StoredManifest.platform)"
                + (known.isEmpty ? "" : ", only for \(known.joined(separator: ", "))"))
    }

    /// Returns a manifest and its digest.
    ///
    /// - Parameter wanted: A tag or a digest.
    private func manifest(
        _ wanted: String
    ) async throws(RegistryError) -> (bytes: [UInt8], digest: String) {
        if isDigest(wanted) {
            if let bytes = cache.bytes(wanted, limit: StoredManifest.largest) {
                return (bytes, wanted)
            }
            let bytes = try await fetchManifest(wanted)
            return (bytes, wanted)
        }
        let name = "\(reference.base)/\(reference.repository):\(wanted)"
        if !isOffline {
            do throws(RegistryError) {
                let bytes = try await fetchManifest(wanted)
                let digest = "sha256:" + SHA256.hex(of: bytes)
                fetchedTags.append((name, digest))
                return (bytes, digest)
            } catch  where error.kind == .unreachable {
                guard cached(name) != nil else { throw error }
                warnings.append("\(error.message); using what was fetched before")
                isOffline = true
            }
        }
        if let found = cached(name) { return found }
        throw RegistryError(
            .missing,
            "'\(reference.name):\(wanted)' was not fetched before, and the registry is not asked")
    }

    private func cached(_ name: String) -> (bytes: [UInt8], digest: String)? {
        guard let digest = cache.digest(of: name),
            let bytes = cache.bytes(digest, limit: StoredManifest.largest)
        else { return nil }
        return (bytes, digest)
    }

    private func fetchManifest(_ wanted: String) async throws(RegistryError) -> [UInt8] {
        try requireNetwork(wanted)
        let (bytes, stated) = try await connection.get("manifests/\(wanted)") {
            ["Accept": StoredManifest.accepted]
        } _: { response in
            (
                try await response.body(limit: StoredManifest.largest),
                response.headers["docker-content-digest"]
            )
        }
        let digest = "sha256:" + SHA256.hex(of: bytes)
        let expected = isDigest(wanted) ? wanted : stated
        if let expected, isDigest(expected), expected != digest {
            throw RegistryError(
                .wrong,
                "the manifest of '\(reference.name)' is not what it has to be: its digest is "
                    + "\(digest), expected \(expected)")
        }
        try cache.keep(bytes, digest)
        return bytes
    }

    private func requireNetwork(_ wanted: String) throws(RegistryError) {
        if isOffline {
            throw RegistryError(
                .missing,
                "'\(reference.name)' is not all in the cache (\(wanted) is missing), and the registry "
                    + "is not asked")
        }
    }

    // MARK: Blobs

    /// Returns the path of a file with a blob, whose digest and size are right.
    private func blob(_ descriptor: Descriptor) async throws(RegistryError) -> String {
        guard descriptor.size <= Self.largestLayer else {
            throw RegistryError(
                .wrong, "a layer of '\(reference.text)' has more than \(Self.largestLayer) bytes")
        }
        if let path = cache.find(descriptor.digest) { return path }
        try requireNetwork(descriptor.digest)
        let path = cache.path(descriptor.digest)
        let partial =
            "\(Path.parent(of: path))/\(BlobCache.partial)\(Path.name(of: path).prefix(16))-"
            + String(UInt32.random(in: .min ... .max), radix: 36)
        do {
            try await download(descriptor, to: partial)
            try File.rename(partial, to: path)
        } catch {
            try? File.remove(partial)
            if let error = error as? RegistryError { throw error }
            throw RegistryError(.unreadable, "\(error)")
        }
        return path
    }

    /// Writes a blob to a new file. A download that breaks off goes on where it was, if the server
    /// can do that.
    private func download(_ descriptor: Descriptor, to path: String) async throws {
        let download = try BlobDownload(descriptor, to: path)
        try await connection.get("blobs/\(descriptor.digest)") {
            download.received == 0 ? [:] : ["Range": "bytes=\(download.received)-"]
        } _: { response in
            if response.status != 206 { try download.restart() }
            while let bytes = try await response.next() { try download.add(bytes) }
            try download.checkLength()
        }
        try download.finish(reference.name)
    }

    private func unpackLayers(
        _ blobs: [(Descriptor, String)], into folder: String
    ) throws(PackageError) {
        var writer = PackageWriter(folder)
        let titles = Set(blobs.compactMap(\.0.title))
        for (layer, path) in blobs {
            switch layer.content {
            case .archive: try writer.addArchive(path)
            case .file(let name):
                // A registry does not keep permissions of single files: what a manifest is for is
                // meant to be run.
                let mode: UInt32 = titles.contains("\(name).plugin.yaml") ? 0o755 : 0o644
                try writer.addFile(copying: path, as: name, mode: mode)
            case .nothing, .unknown:
                throw PackageError(
                    .malformed,
                    "'\(reference.text)' has a layer of type '\(layer.mediaType)', expected a tar "
                        + "archive")
            }
        }
        try writer.finish()
    }

    // MARK: Signatures

    /// Checks that one of the digests is signed, as cosign signs: the tag `sha256-….sig` holds a
    /// payload for each signer, which names the digest, and its signature.
    private func checkSignature(
        of digests: [String], by key: SigningKey
    ) async throws(RegistryError) {
        var problem: String?
        for digest in digests {
            let tag = "\(digest.replacing(":", with: "-")).sig"
            let layers: [Descriptor]
            do throws(RegistryError) {
                let (bytes, _) = try await manifest(tag)
                guard case .image(let found) = try StoredManifest(bytes, from: "the signature")
                else { continue }
                layers = found
            } catch  where error.kind == .missing {
                continue
            }
            for layer in layers.prefix(64) {
                guard let signature = layer.annotations[Signature.annotation] else { continue }
                guard layer.size <= Self.largestSignature,
                    let payload = try? File.readRegular(
                        try await blob(layer), limit: Self.largestSignature
                    ).bytes
                else { continue }
                problem = Signature.problem(
                    signature, payload: payload, key: key, digest: digest, reference: reference)
                if problem == nil { return }
            }
        }
        throw RegistryError(
            .refused,
            "'\(reference.text)' \(problem ?? "is not signed"), "
                + "and has to be signed with the key SHA256:\(key.fingerprint.prefix(16))")
    }
}
