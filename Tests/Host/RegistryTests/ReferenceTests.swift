import PackageFiles
import Testing

@testable import Registry

@Suite struct ReferenceTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    @Test(arguments: [
        ("oci://h/n", "h", "n", "latest", "https://h"),
        ("oci://H:5000/a/b-c:1.0", "h:5000", "a/b-c", "1.0", "https://h:5000"),
        ("oci://h/n:t@\(digest)", "h", "n", digest, "https://h"),
        ("oci://h/n@\(digest)", "h", "n", digest, "https://h"),
        ("oci://[::1]:5000/n", "[::1]:5000", "n", "latest", "https://[::1]:5000"),
        ("oci+http://127.0.0.1:1/n", "127.0.0.1:1", "n", "latest", "http://127.0.0.1:1"),
        ("oci+http://localhost/n", "localhost", "n", "latest", "http://localhost"),
        ("oci://docker.io/n", "docker.io", "library/n", "latest", "https://registry-1.docker.io"),
    ])
    func `is read`(
        text: String, registry: String, repository: String, wanted: String, base: String
    ) throws {
        let reference = try Reference(text)
        #expect(reference.registry == registry)
        #expect(reference.repository == repository)
        #expect(reference.wanted == wanted)
        #expect(reference.base == base)
    }

    @Test(arguments: [
        "oci://", "oci://h", "oci://h/", "oci:///n", "oci://h/N", "oci://h/a..b", "oci://h/../n",
        "oci://h/n:", "oci://h/n:a/b", "oci://h/n@sha256:1", "oci://h/n@md5:\(digest)",
        "oci://u:p@h/n", "oci://h:0/n", "oci://h:99999/n", "oci://h/n?x=1", "oci://h/n#x",
        "oci://h /n", "https://h/n", "oci://-h/n", "oci://h/n@\(digest)@\(digest)",
    ])
    func `is refused`(text: String) {
        #expect(throws: PackageError.self) { try Reference(text) }
    }

    @Test(arguments: [
        "oci+http://example.org/n", "oci+http://127.0.0.1.example.org/n", "oci+http://127.1/n",
        "oci+http://localhost.example.org/n", "oci+http://192.168.0.1/n",
    ])
    func `goes without TLS only to this machine`(text: String) {
        let error = #expect(throws: PackageError.self) { try Reference(text) }
        #expect(error?.meaning == .notPermitted)
    }

    @Test(arguments: [
        ("h:5000/a/b", true), ("h:5000/a/b:tag", true), ("H:5000/a/b", true), ("h/a/b", false),
        ("h:5000/a/c", false), ("", false), ("other/a/b", false),
    ])
    func `is named by a signature`(identity: String, isNamed: Bool) throws {
        #expect(try Reference("oci://h:5000/a/b:1").isNamed(by: identity) == isNamed)
    }

    @Test(arguments: [
        (#"Basic realm="x""#, Challenge.basic),
        (
            #"Bearer realm="https://a/t",service="s, t",scope="repository:n:pull""#,
            .bearer(realm: "https://a/t", service: "s, t", scope: "repository:n:pull")
        ),
        (#"bearer  realm=r , error="a\"b""#, .bearer(realm: "r", service: nil, scope: nil)),
        ("Bearer service=x", nil), ("Digest realm=x", nil), ("", nil),
        (#"Bearer realm="unfinished"#, .bearer(realm: "unfinished", service: nil, scope: nil)),
    ])
    func `a challenge is read`(field: String, challenge: Challenge?) {
        #expect(Challenge(field) == challenge)
    }
}
