import Testing

@testable import Documents

@Suite struct MailTests {
    @Test(arguments: [
        ("=?utf-8?q?caf=C3=A9?= x", "café x"),
        ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
        ("a =?iso-8859-1?q?=E9?= b", "a é b"),
        // White space between two words is not part of the text; a character may be in both.
        ("=?utf-8?b?w6k=?= \t=?utf-8?q?=C3?= =?utf-8?q?=A9_z?=", "éé z"),
        ("=?utf-8*de?q?x?=", "x"), ("=?unheard-of?q?x?=", "x"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("plain", "plain"),
    ])
    func `words of other encodings are decoded`(text: String, decoded: String) {
        #expect(EncodedWords.decode(text) == decoded)
    }

    @Test(arguments: [
        ("a=3Db=\r\nc =  \nd", "a=bc d"), ("=C3=A9", "é"), ("=zz =", "=zz "), ("", ""),
    ])
    func `quoted-printable is decoded`(text: String, decoded: String) {
        let bytes = TransferEncoding.decode(quotedPrintable: Array(text.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == decoded)
    }

    @Test(arguments: [
        ("aGVs\r\nbG8=", "hello"), ("aGVsbG8", "hello"), ("aGk=aGk=", "hihi"), ("!", ""),
    ])
    func `base64 is decoded`(text: String, decoded: String) {
        let bytes = TransferEncoding.decode(base64: text.utf8)
        #expect(String(decoding: bytes, as: UTF8.self) == decoded)
    }

    @Test func `parts in parts have an end`() throws {
        var mail = "Subject: x\n"
        for depth in 0..<200 {
            mail += "Content-Type: multipart/mixed; boundary=b\(depth)\n\n--b\(depth)\n"
        }
        mail += "\ntext\n"
        #expect(try MailMessage.part(of: Array(mail.utf8)).title == "x")
    }
}
