import Testing
import Text

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain ä 漢 😀", "plain ä 漢 😀"), ("a\u{1b}[2Jb", #"a\u001b[2Jb"#),
        ("a\nb\tc", #"a\u000ab\u0009c"#),
        // Reversed text, and white space that is not plain.
        ("a\u{202e}b", #"a\u202eb"#), ("a\u{200b}b", #"a\u200bb"#), ("a\u{a0}b", #"a\u00a0b"#),
        ("\u{e0001}", #"\udb40\udc01"#), ("", ""),
    ])
    func `what could mislead is shown as JSON writes it`(text: String, visible: String) {
        #expect(VisibleText(text).description == visible)
    }

    @Test(arguments: [
        ("plain ä 漢 👨‍👩‍👧", "plain ä 漢 👨‍👩‍👧"), ("a\u{1b}[2J\nb", #"a\u001b[2J\u000ab"#),
        ("a\u{7f}b", #"a\u007fb"#), ("a\u{a0}b", "a\u{a0}b"), ("", ""),
    ])
    func `a name stays what a program can use`(text: String, visible: String) {
        #expect(VisibleText(name: text).description == visible)
    }

    @Test(arguments: [
        ("a\u{1b}]0;title\u{7}b", #"a\u001b]0;title\u0007b"#), ("a\r\nb\tc", "a\nb\tc"),
        ("\u{9b}2J", #"\u009b2J"#), ("over\rwritten", #"over\u000dwritten"#), ("half\r", "half"),
        ("a\u{202e}b\u{2066}c\u{2028}", #"a\u202eb\u2066c\u2028"#), ("a\u{7f}b", #"a\u007fb"#),
        ("e\u{301} 日本 👨‍👩‍👧", "e\u{301} 日本 👨‍👩‍👧"),
    ])
    func `prose of others does nothing to a terminal`(text: String, shown: String) {
        #expect(VisibleText(lines: text).description == shown)
    }

    @Test(arguments: [
        ("cannot open 'a\nb'", #"cannot open 'a\u000ab'"#), ("it's\nplain", "it's\n    plain"),
        ("hector: failed\nhector: all is well\n", "hector: failed\n    hector: all is well\n"),
        ("a\n  b\n\nc", "a\n  b\n\n    c"), ("no 'x\n'y'\nz", "no 'x\\u000a'y'\n    z"),
        ("f.yaml:1:2: a\nf.yaml:3:4: b", "f.yaml:1:2: a\nf.yaml:3:4: b"),
        ("a: 'b\u{1b}[2J\nc', d", #"a: 'b\u001b[2J\u000ac', d"#),
        ("the plugins' x\ny", "the plugins' x\n    y"),
    ])
    func `a message's lines are known as one's own`(text: String, shown: String) {
        #expect(VisibleText(message: text).description == shown)
    }

    @Test(.timeLimit(.minutes(1)))
    func `quotes that are never closed do not take time for each other`() {
        let text = "first\n" + String(repeating: " 'a", count: 300_000)
        #expect(VisibleText(message: text).description == text)
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
