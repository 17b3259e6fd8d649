import Foundation
import Testing
import Text

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `bytes are letters and back`(text: String, letters: String) throws {
        #expect(Base64.encode(text.utf8) == letters)
        #expect(Base64.encode(text.utf8, padded: false) == letters.filter { $0 != "=" })
        #expect(try Base64.decode(letters) == Array(text.utf8))
        #expect(try Base64.decode(letters.filter { $0 != "=" }) == Array(text.utf8))
    }

    @Test func `it agrees with Foundation`() throws {
        var random = SystemRandomNumberGenerator()
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let letters = Base64.encode(bytes)
            #expect(letters == Data(bytes).base64EncodedString())
            #expect(try Base64.decode(letters) == bytes)
        }
    }

    @Test(arguments: [
        ("Zg==\n", Base64Error.foreignByte(position: 2)), ("Z*==", .foreignByte(position: 1)),
        ("Zg==Zg", .foreignByte(position: 2)), ("Zm-_", .foreignByte(position: 2)),
        ("Zm9v Zm9v", .foreignByte(position: 4)), ("Zm9vY", .cutShort), ("Z", .cutShort),
        ("é", .foreignByte(position: 0)),
    ])
    func `what is not base64 is refused`(letters: String, error: Base64Error) {
        #expect(throws: error) { try Base64.decode(letters) }
    }

    @Test(arguments: [0, 1, 2, 3, 4, 1536])
    func `floats are read as others write them`(count: Int) throws {
        let numbers = (0..<count).map { Float($0) * 1.7 - 300 }
        let letters = numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
        #expect(try Base64.floats(letters: Array(letters.utf8)) == numbers)
    }

    @Test(arguments: ["A", "AA", "AAA", "AAAAA", "AAAA*A==", "AA==AAAA", "AAAAAAA", "-_AAAA=="])
    func `what is not base64 of floats is refused`(letters: String) {
        #expect(throws: Base64Error.self) { try Base64.floats(letters: Array(letters.utf8)) }
    }
}
