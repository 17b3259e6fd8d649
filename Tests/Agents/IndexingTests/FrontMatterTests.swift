import Testing

@testable import Indexing

@Suite struct FrontMatterTests {
    @Test(arguments: [
        ("---\na: b\n---\ntext", 13), ("---\r\na: b\r\n---\r\ntext", 16), ("---\n---\n", 8),
        ("---\na\n...\nx", 10), ("---\nnever closed", 0), ("text\n---\n", 0), ("----\na\n---\n", 0),
        ("---", 0), ("", 0), ("---\na\n---", 9), (" ---\na\n---\n", 0),
    ])
    func `front matter stands between two lines`(text: String, length: Int) {
        #expect(FrontMatter.length(Array(text.utf8)) == length)
    }
}
