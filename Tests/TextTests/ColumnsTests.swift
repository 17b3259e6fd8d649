import Testing
import Text

@Suite struct ColumnsTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("ä", 1), ("e\u{301}", 1), ("日本", 4), ("ｱ", 1), ("Ａ", 2),
        ("한", 2), ("😀", 2), ("🚀", 2), ("🦀", 2), ("a\u{200b}b", 2), ("…", 1),
    ])
    func `a text has columns`(text: String, columns: Int) {
        #expect(text.columns == columns)
    }
}
