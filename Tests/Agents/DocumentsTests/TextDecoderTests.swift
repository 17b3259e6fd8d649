import Testing

@testable import Documents

@Suite struct TextDecoderTests {
    private func decode(
        _ bytes: [UInt8], _ kind: DocumentKind = .text
    ) throws -> (text: String, encoding: String?) {
        var decoder = try TextDecoder(bytes, kind)
        let text = try decoder.decode(Array(bytes.dropFirst(decoder.markLength)), isLast: true)
        return (String(decoding: text, as: UTF8.self), decoder.encoding)
    }

    @Test(
        arguments: [
            // A mark comes before what a page declares, and that before what it looks like.
            (
                [0xEF, 0xBB, 0xBF] + Array("<meta charset=koi8-r>é".utf8), "<meta charset=koi8-r>é",
                nil
            ),
            (Array("<meta charset=latin1>".utf8) + [0xE9], "<meta charset=latin1>é", "LATIN1"),
            (
                Array("<meta content='text/html; charset=koi8-r' http-equiv=content-type>".utf8) + [
                    0xC1
                ],
                "<meta content='text/html; charset=koi8-r' http-equiv=content-type>а", "KOI8-R"
            ),
            // A page that is read as bytes cannot be UTF-16.
            (Array("<meta charset=utf-16>é".utf8), "<meta charset=utf-16>é", nil),
            (Array("<!-- <meta charset=koi8-r> -->é".utf8), "<!-- <meta charset=koi8-r> -->é", nil),
            (Array("<meta charset=unheard-of>é".utf8), "<meta charset=unheard-of>é", nil),
            (Array("<meta name=x charset>é".utf8), "<meta name=x charset>é", nil),
            // What browsers take for Latin-1.
            (
                Array("<meta charset='iso-8859-1'>".utf8) + [0x93], "<meta charset='iso-8859-1'>“",
                "ISO-8859-1"
            ),
            (
                Array("<?xml version='1.0' encoding='ISO-8859-2'?>".utf8) + [0xB3],
                "<?xml version='1.0' encoding='ISO-8859-2'?>ł", "ISO-8859-2"
            ),
        ] as [([UInt8], String, String?)])
    func `a page says what its encoding is`(page: [UInt8], text: String, encoding: String?) throws {
        let found = try decode(page, .html)
        #expect(found.text == text && found.encoding == encoding)
    }

    @Test(
        arguments: [
            ("UTF-16LE", [0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8, 0x00, 0xDE], "a😀"),
            ("UTF-16BE", [0xFE, 0xFF, 0, 0x61], "a"),
            ("UTF-32LE", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "a"),
            ("UTF-32BE", [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61], "a"),
        ] as [(String, [UInt8], String)])
    func `a mark says what the encoding is`(name: String, bytes: [UInt8], text: String) throws {
        let found = try decode(bytes)
        #expect(found.text == text && found.encoding == name)
    }

    @Test func `a character may be in two blocks`() throws {
        let text = "aé鍵😀"
        let bytes: [UInt8] =
            [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for end in 2..<bytes.count {
            var decoder = try TextDecoder(Array(bytes[..<end]), .text)
            var found = try decoder.decode(Array(bytes[2..<end]), isLast: false)
            found += try decoder.decode(Array(bytes[end...]), isLast: true)
            #expect(String(decoding: found, as: UTF8.self) == text)
        }
    }

    @Test func `the encoding is decided where it matters`() throws {
        var decoder = try TextDecoder(Array("plain text".utf8), .text)
        #expect(try decoder.decode(Array("plain text".utf8), isLast: false).count == 10)
        let rest = try decoder.decode(Array("caf".utf8) + [0xE9, 0x20], isLast: true)
        #expect(String(decoding: rest, as: UTF8.self) == "café ")
        #expect(decoder.encoding == "WINDOWS-1252")
    }

    @Test(arguments: [
        [UInt8](0...255),
        // Too little of anything.
        [0x41, 0xC4, 0x41, 0x99, 0x41, 0xE1, 0x81, 0x41, 0xB6, 0x41, 0xD0, 0x90, 0x41, 0x8D, 0x41],
    ])
    func `what cannot be read is refused`(bytes: [UInt8]) {
        #expect(throws: SkipReason.self) { try decode(bytes) }
    }

    @Test func `a comment may say what the encoding is`() throws {
        let bytes = Array("# vim: set fileencoding=iso-8859-2 :\nx = '".utf8) + [0xB3, 0x27]
        let found = try decode(bytes, .code)
        #expect(found.text.hasSuffix("'ł'") && found.encoding == "ISO-8859-2")
    }
}
