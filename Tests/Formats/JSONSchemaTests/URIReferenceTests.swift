import Testing

@testable import JSONSchema

struct URIReferenceTests {
    @Test(arguments: [
        // RFC 3986, section 5.4.
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../../g", "http://a/g"),
        ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("/./g", "http://a/g"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ])
    func `is resolved as RFC 3986 has it`(reference: String, target: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).document == target)
    }

    @Test(arguments: [
        ("b", "a", "b"), ("c", "a/b", "a/c"), ("b", "", "b"), ("b", "http://a", "http://a/b"),
        ("urn:b", "urn:a", "urn:b"), ("", "urn:a:b?+c", "urn:a:b?+c"),
    ])
    func `is resolved against any base`(reference: String, base: String, target: String) {
        #expect(
            URIReference(reference).resolved(against: URIReference(base)).document == target)
    }

    @Test(arguments: [("#a%25b", "a%b"), ("#", ""), ("#%zz", nil), ("#%e9", nil), ("a#b", "b")])
    func `a fragment is read without its escapes`(reference: String, fragment: String?) {
        #expect(URIReference(reference).fragment?.withoutPercentEncoding == fragment)
    }
}
