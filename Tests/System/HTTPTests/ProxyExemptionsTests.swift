import HTTP
import Testing

@Suite struct ProxyExemptionsTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/v1", true),
        ("127.0.0.1:8080", "http://127.0.0.1:8081/v1", false),
        ("a.example, Models.Internal:443", "https://models.internal/v1", true),
        ("models.internal:80", "https://models.internal/v1", false),
        ("internal:443", "https://models.internal", true),
        (".internal:443", "https://models.internal", true),
        ("*.internal:443", "https://models.internal", true),
        (".internal:443", "https://internal", false),
        ("internal:443", "https://notinternal", false),
        ("[::1]:11434", "http://[::1]:11434", true), ("*:11434", "http://gpu:11434", true),
        // Left to libcurl.
        ("models.internal", "http://models.internal", false), ("::1", "http://[::1]:1", false),
        ("", "http://a", false), (":80", "http://a", false),
    ])
    func `a port narrows an exemption`(list: String, url: String, isExempt: Bool) throws {
        #expect(ProxyExemptions(list).contains(try URL(url)) == isExempt)
    }
}
