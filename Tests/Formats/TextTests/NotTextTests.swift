import Testing

@testable import Text

@Suite struct NotTextTests {
    @Test(
        arguments: [
            ([], nil),
            (Array("plain".utf8), nil),
            (Array("naïve — 鍵 👩".utf8), nil),
            (Array("a replacement \u{FFFD}\u{FFFD}\u{FFFD}".utf8), nil),
            ([0x7F, 0x45, 0x4C, 0x46, 0], NotText.binary),
            ([0xFF, 0xFE, 0x61, 0x00], .utf16),
            ([0xFE, 0xFF, 0x00, 0x61], .utf16),
            // One Latin-1 letter in twenty is repaired; a text in KOI8-R is not.
            (
                Array("a word in Latin-1 caf".utf8) + [0xE9, 0x20] + Array("is still text".utf8),
                nil
            ),
            (
                [0xD0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4, 0x20, 0xCD, 0xC9, 0xD2, 0x0A, 0x0A],
                .otherEncoding
            ),
        ] as [([UInt8], NotText?)])
    func `tells text from what is not`(start: [UInt8], expected: NotText?) {
        #expect(reasonNotText(start) == expected)
    }

    @Test func `does not blame a sample for where it was cut`() {
        #expect(reasonNotText(Array("é".utf8.dropLast())) == nil)
        #expect(reasonNotText(Array("👩".utf8.dropLast())) == nil)
    }
}
