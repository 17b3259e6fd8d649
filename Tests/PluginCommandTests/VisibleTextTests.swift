import Testing

@testable import PluginCommand

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
}
