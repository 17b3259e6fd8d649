import Command
import Testing

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain ä 漢 😀", "plain ä 漢 😀"), ("a\u{1b}[2Jb", #"a\u001b[2Jb"#),
        ("a\nb\tc", #"a\u000ab\u0009c"#),
        // Text that is turned round, and blanks that are none.
        ("a\u{202e}b", #"a\u202eb"#), ("a\u{200b}b", #"a\u200bb"#), ("a\u{a0}b", #"a\u00a0b"#),
        ("\u{e0001}", #"\udb40\udc01"#), ("", ""),
    ])
    func `what could mislead is shown as JSON writes it`(text: String, visible: String) {
        #expect(VisibleText(text).description == visible)
    }

    @Test(arguments: [
        ("a\u{1b}]0;title\u{7}b", #"a\u001b]0;title\u0007b"#), ("a\r\nb\tc", "a\nb\tc"),
        ("\u{9b}2J", #"\u009b2J"#), ("e\u{301} 日本 👨‍👩‍👧", "e\u{301} 日本 👨‍👩‍👧"),
    ])
    func `prose of others does nothing to a terminal`(text: String, shown: String) {
        #expect(VisibleText(lines: text).description == shown)
    }

    @Test(arguments: [
        ("one\n two ", 20, "one two"), ("one two three", 7, "one two…"),
        ("one two three", 9, "one two…"), ("one two three", 12, "one two…"),
        ("a \(String(repeating: "x", count: 100))", 5, "a xxx…"),
        (String(repeating: "x", count: 100), 3, "xxx…"),
    ])
    func `text of many lines fits in one`(text: String, most: Int, shown: String) {
        #expect(VisibleText(text, atMost: most).description == shown)
    }
}
