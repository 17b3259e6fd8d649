import HTTP
import Testing

@Suite struct URLTests {
    @Test(arguments: [
        ("http://a.example", "http://a.example/", "http://a.example"),
        ("https://A.example:8443/x?y=z", "https://A.example:8443/x?y=z", "https://a.example:8443"),
        ("https://a.example:443/", "https://a.example:443/", "https://a.example"),
        ("http://user:pw@a.example/", "http://user:pw@a.example/", "http://a.example"),
        ("http://[::1]:80/", "http://[::1]:80/", "http://[::1]"),
    ])
    func `has an origin that others may see`(text: String, whole: String, origin: String) throws {
        let url = try URL(text)
        #expect(url.text == whole)
        #expect(url.origin == origin)
    }

    @Test(arguments: [
        "", "a.example", "ftp://a.example", "file:///etc/passwd", "http://", "http://a b",
    ])
    func `refuses`(text: String) {
        let error = #expect(throws: HTTPError.self) { try URL(text) }
        #expect(error?.kind == .invalid)
    }

    @Test(arguments: [
        ("http://a/v1", "http://a/v1/chat"), ("http://a/v1//", "http://a/v1/chat"),
        ("http://a", "http://a/chat"), ("http://a/v1?key=1", "http://a/v1/chat?key=1"),
    ])
    func `a path is added before the query`(base: String, whole: String) throws {
        #expect(try URL(base).appending(path: "chat").text == whole)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("tomorrow", nil), ("", nil),
    ])
    func `reads dates`(text: String, seconds: Int?) {
        #expect(secondsSince1970(httpDate: text) == seconds)
    }
}
