import TestSupport
import Testing

@testable import JSON

@Suite struct StringTests {
    @Test(arguments: [
        (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0000""#, "\0"), (#""\u00e9\u20AC""#, "é€"), (#""\ud83d\ude00""#, "😀"),
        (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\ud800""#, "\u{FFFD}"),
        (#""\udc00x""#, "\u{FFFD}x"), (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\ud800\n""#, "\u{FFFD}\n"),
        (#""x\ud800""#, "x\u{FFFD}"), ("\"é€😀\"", "é€😀"),
        (#""seven..\n12345678\n""#, "seven..\n12345678\n"),
    ])
    func `escapes are read`(json: String, text: String) throws {
        #expect(try Value(parsing: [UInt8](json)) == .string(text))
        let record = try Record([UInt8](#"{"s":"# + json + "}"))
        #expect(try record.string("s") == text)
        #expect(try record.utf8("s") == [UInt8](text))
        #expect(record.bytes.text == #"{"s":"# + json + "}")
    }

    @Test(arguments: [
        ("", #""""#), ("a/b", #""a/b""#), ("\"\\", #""\"\\""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""),
        ("é€😀\u{2028}", "\"é€😀\u{2028}\""), ("12345678\n12345678\n", #""12345678\n12345678\n""#),
        ("é2345678\"é", #""é2345678\"é""#),
    ])
    func `only what must be escaped is`(text: String, json: String) throws {
        var bytes: [UInt8] = []
        bytes.appendJSON(string: text)
        #expect(bytes.text == json)
    }

    @Test func `any text comes back`() throws {
        var generator = SplitMix64(seed: 4)
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\0", "\u{1F}", "é", "€", "😀", "\u{7F}",
        ]
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                let isPlain = Int.random(in: 0..<3, using: &generator) > 0
                text.unicodeScalars.append(
                    isPlain ? "x" : scalars.randomElement(using: &generator)!)
            }
            var json: [UInt8] = []
            json.appendJSON(string: text)
            #expect(Grammar.accepts(json))
            #expect(try Value(parsing: json) == .string(text))
        }
    }
}
