import Testing

@testable import Registry

@Suite struct ManifestTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    private static func layer(_ type: String, _ annotations: String = "{}") -> String {
        #"{"mediaType":"\#(type)","digest":"\#(digest)","size":3,"annotations":\#(annotations)}"#
    }

    @Test(arguments: [
        (layer("application/vnd.oci.image.layer.v1.tar+gzip"), Descriptor.Content.archive),
        (layer("application/vnd.oci.image.layer.v1.tar"), .archive),
        (layer("application/vnd.docker.image.rootfs.diff.tar.gzip"), .archive),
        (layer("application/vnd.oci.empty.v1+json"), .nothing),
        (layer("text/plain"), .unknown),
        (
            layer(
                "application/vnd.oci.image.layer.v1.tar",
                #"{"org.opencontainers.image.title":"a"}"#), .file("a")
        ),
        (
            layer(
                "application/vnd.oci.image.layer.v1.tar",
                #"{"org.opencontainers.image.title":"a.tgz"}"#), .archive
        ),
        (
            layer(
                "application/vnd.oci.image.layer.v1.tar+gzip",
                #"{"org.opencontainers.image.title":"d","io.deis.oras.content.unpack":"true"}"#),
            .archive
        ),
        (
            layer("x/y", #"{"org.opencontainers.image.title":"a.plugin.yaml"}"#),
            .file("a.plugin.yaml")
        ),
    ])
    func `a layer is an archive or a file`(layer: String, content: Descriptor.Content) throws {
        let text = #"{"schemaVersion":2,"layers":[\#(layer)]}"#
        guard case .image(let layers) = try StoredManifest(Array(text.utf8), from: "x") else {
            Issue.record("not an image")
            return
        }
        #expect(layers.map(\.content) == [content])
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"schemaVersion":1,"layers":[]}"#, #"{"schemaVersion":2}"#,
        // One digest for two things.
        #"{"schemaVersion":2,"layers":[],"manifests":[]}"#,
        #"{"schemaVersion":2,"layers":[{"mediaType":"x","digest":"md5:1","size":1}]}"#,
        #"{"schemaVersion":2,"layers":[{"mediaType":"x","digest":"\#(digest)","size":-1}]}"#,
        #"{"schemaVersion":2,"layers":[{"mediaType":"x","digest":"\#(digest)"}]}"#,
    ])
    func `is refused`(text: String) {
        #expect(throws: RegistryError.self) { try StoredManifest(Array(text.utf8), from: "x") }
    }
}
