internal import JSON

/// The contents of a tag or a digest in a registry: a manifest with layers, or an index of
/// manifests.
enum StoredManifest: Equatable, Sendable {
    case image([Descriptor])
    case index([Descriptor])

    /// The media types to ask for.
    static let accepted = [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ].joined(separator: ", ")

    static let largest = 4 << 20

    /// - Parameter source: The name of the manifest in errors.
    init(_ bytes: [UInt8], from source: String) throws(RegistryError) {
        let value: Value
        do throws(JSONError) { value = try Value(parsing: bytes) } catch {
            throw RegistryError(.wrong, "the manifest of \(source) is not JSON: \(error)")
        }
        guard value["schemaVersion"]?.int == 2 else {
            throw RegistryError(
                .wrong, "the manifest of \(source) has a schemaVersion other than 2")
        }
        let (layers, manifests) = (value["layers"]?.array, value["manifests"]?.array)
        switch (layers, manifests) {
        case (let layers?, nil): self = .image(try Self.descriptors(layers, source))
        case (nil, let manifests?): self = .index(try Self.descriptors(manifests, source))
        // One digest for two things: CVE-2021-41190.
        case (.some, .some):
            throw RegistryError(.wrong, "the manifest of \(source) is also an index")
        case (nil, nil): throw RegistryError(.wrong, "the manifest of \(source) has no layers")
        }
    }

    private static func descriptors(
        _ values: [Value], _ source: String
    ) throws(RegistryError) -> [Descriptor] {
        guard values.count <= 256 else {
            throw RegistryError(.wrong, "the manifest of \(source) has more than 256 parts")
        }
        var descriptors: [Descriptor] = []
        for value in values {
            guard let descriptor = Descriptor(value) else {
                throw RegistryError(
                    .wrong,
                    "the manifest of \(source) has a part without a media type, a size and a "
                        + "SHA-256 digest")
            }
            descriptors.append(descriptor)
        }
        return descriptors
    }
}

/// The description of something in a registry.
struct Descriptor: Equatable, Sendable {
    let mediaType: String
    let digest: String

    /// The size in bytes.
    let size: Int
    let annotations: [String: String]

    /// The platform of a manifest in an index, `linux/arm64`; nil if it is for any.
    let platform: String?

    init?(_ value: Value) {
        guard let mediaType = value["mediaType"]?.string, let digest = value["digest"]?.string,
            isDigest(digest), let size = value["size"]?.int, size >= 0
        else { return nil }
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        annotations = Dictionary(
            (value["annotations"]?.object ?? [:]).compactMap { key, value in
                value.string.map { (key, $0) }
            }, uniquingKeysWith: { first, _ in first })
        platform = value["platform"].map {
            "\($0["os"]?.string ?? "unknown")/\($0["architecture"]?.string ?? "unknown")"
        }
    }

    /// The name of the file that the layer is, as oras has it.
    var title: String? { annotations["org.opencontainers.image.title"] }

    /// The kind of a layer.
    var content: Content {
        if mediaType == "application/vnd.oci.empty.v1+json" { return .nothing }
        let isArchive = mediaType.contains("tar") || mediaType.contains("gzip")
        guard let title else { return isArchive ? .archive : .unknown }
        if annotations["io.deis.oras.content.unpack"] == "true" { return .archive }
        let endings = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz"]
        if endings.contains(where: { title.hasSuffix($0) }) { return .archive }
        // The type that oras gives to a single file, whatever it is.
        let isPlain = mediaType == "application/vnd.oci.image.layer.v1.tar" || !isArchive
        return isPlain ? .file(title) : .archive
    }

    enum Content: Equatable, Sendable {
        case archive
        /// A file with this path.
        case file(String)
        case nothing, unknown
    }
}

extension StoredManifest {
    /// The platform of this machine as registries name it.
    static var platform: String {
        #if arch(x86_64)
            "linux/amd64"
        #elseif arch(arm64)
            "linux/arm64"
        #elseif arch(s390x)
            "linux/s390x"
        #else
            "linux/unknown"
        #endif
    }
}
