import OpenSSL
import Testing

@Suite struct SigningKeyTests {
    // openssl ecparam -name prime256v1 -genkey -noout; openssl dgst -sha256 -sign
    private static let key = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfqGg23e0DeT05hE5ibq0mGP1ZfPD
        kB3GmwelnfZDLv5ukir54Ylbj0aCXjBGD0nybxu2U46XbWby2EG+vC81hg==
        -----END PUBLIC KEY-----
        """

    @Test func `a signature counts over what was signed only`() throws {
        let key = try SigningKey(pem: Self.key)
        let signature = Self.signature
        #expect(key.verifies(signature, over: Array("hello\n".utf8)))
        #expect(!key.verifies(signature, over: Array("hello".utf8)))
        #expect(!key.verifies(Array(signature.dropLast()), over: Array("hello\n".utf8)))
        #expect(!key.verifies([], over: Array("hello\n".utf8)))
        #expect(try SigningKey(pem: "text\n" + key.pem + "more") == key)
    }

    @Test(arguments: ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", p384])
    func `other keys are refused`(text: String) {
        #expect(throws: CertificateError.self) { try SigningKey(pem: text) }
    }

    private static let signature: [UInt8] = [
        0x30, 0x46, 0x02, 0x21, 0x00, 0xA8, 0x4C, 0xAA, 0x89, 0x9D, 0x9F, 0x05, 0x4A, 0xD2,
        0x83, 0xC1, 0x63, 0x49, 0x71, 0x71, 0x2E, 0x2B, 0xA4, 0x44, 0x44, 0x5C, 0x6B, 0xC9,
        0xFE, 0x81, 0xB6, 0x2F, 0x93, 0x0F, 0x05, 0xB5, 0x67, 0x02, 0x21, 0x00, 0x9D, 0xB3,
        0xF8, 0xA5, 0xAE, 0xDE, 0x3C, 0xA7, 0xC5, 0xFC, 0xFC, 0x63, 0xFF, 0x13, 0x50, 0x1C,
        0xB9, 0x36, 0x7E, 0x5E, 0x74, 0x98, 0xD3, 0x9F, 0x6B, 0x11, 0xA6, 0x10, 0x90, 0x8F,
        0x68, 0xD4,
    ]

    private static let p384 = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE5OUmWbqXDtIJ5oTPnpKbNRM8pQ26aNME
        mOjXddVekgYx0/Br48tvqLScfrPPinUQ8mFetGNKTsGqCe+BbL5QTpUiPCANSjuS
        mzz990uCcrNGkyBd8qAe3xMmO5l2uWKP
        -----END PUBLIC KEY-----
        """
}
