import Testing
import Text

@Suite struct TrimmingTests {
    @Test(arguments: [
        ("", ""), (" \t\r\n", ""), ("a", "a"), ("  a b\n", "a b"), ("\u{a0}a\u{2003}", "a"),
        ("\r\na\r\n", "a"), ("e\u{301} ", "e\u{301}"),
    ])
    func `white space at both ends goes`(text: String, trimmed: String) {
        #expect(text.trimmed == trimmed)
        #expect("x\(text)".dropFirst().trimmed == trimmed)
    }

    @Test func `what goes can be named, for text and for bytes`() {
        #expect("\n a\t".trimming { $0 == " " || $0 == "\t" } == "\n a")
        #expect(Array(" \u{b}a ".utf8).trimming(while: \.isASCIIWhitespace) == [0x61])
    }

    @Test(arguments: 0...UInt8.max)
    func `white space of ASCII is that of characters`(byte: UInt8) {
        let character = Character(Unicode.Scalar(byte))
        #expect(byte.isASCIIWhitespace == (byte < 0x80 && character.isWhitespace))
    }

    @Test(
        arguments: [
            ([], [], false), ([0xEF, 0xBB], [0xEF, 0xBB], false), ([0xEF, 0xBB, 0xBF], [], true),
            ([0xEF, 0xBB, 0xBF, 0x61], [0x61], true),
            ([0x61, 0xEF, 0xBB, 0xBF], [0x61, 0xEF, 0xBB, 0xBF], false),
            // Only one is a mark; the other is a character of the text.
            ([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0xBF], true),
        ] as [([UInt8], [UInt8], Bool)])
    func `a byte order mark at the beginning goes`(text: [UInt8], rest: [UInt8], has: Bool) {
        #expect(text.startsWithByteOrderMark == has)
        #expect(Array(text.withoutByteOrderMark) == rest)
        var slice = ([0] + text)[1...]
        slice.removeByteOrderMark()
        #expect(Array(slice) == rest)
    }
}
