import Testing

@testable import Unix

@Suite struct NewlinesTests {
    @Test(arguments: [("", 0), ("\n", 1), ("a\nb", 1), ("\n\r\n\n", 3), ("\u{010A}\u{0A0A}", 0)])
    func `newlines are counted`(text: String, count: Int) {
        #expect(Array(text.utf8).newlines == count)
        let long = Array(String(repeating: text + "x", count: 1000).utf8)
        #expect(long.newlines == 1000 * count)
    }
}

extension [UInt8] {
    fileprivate var newlines: Int { span.newlineCount }
}
