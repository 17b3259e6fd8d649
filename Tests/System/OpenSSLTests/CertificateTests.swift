import Foundation
import OpenSSL
import TestSupport
import Testing

@Suite struct CertificateTests {
    @Test func `comes back from the handshake line`() throws {
        let pem = try Identity().certificate
        let field = try Certificate(pem: pem).handshakeField
        #expect(try Certificate(handshakeField: field).pem == pem)
    }

    @Test func `is the base64 of its DER without padding`() throws {
        // Serial numbers differ in length, and so does the would-be padding.
        for _ in 0..<8 {
            let pem = try Identity().certificate
            let lines = pem.split(separator: "\n").dropFirst().dropLast().joined()
            let field = try Certificate(pem: pem).handshakeField
            #expect(field == lines.trimmingCharacters(in: ["="]))
        }
    }

    @Test(arguments: ["", "=", "=="])
    func `may be padded`(padding: String) throws {
        let certificate = try Certificate(pem: Identity().certificate)
        #expect(
            try Certificate(handshakeField: certificate.handshakeField + padding) == certificate)
    }

    @Test func `may be another's, with text around it`() throws {
        let folder = try TemporaryFolder()
        let key = "\(folder.path)/key.pem"
        let pem = try run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521",
            "-nodes", "-keyout", key, "-subj", "/O=HashiCorp/CN=localhost", "-text")
        #expect(pem.hasPrefix("Certificate:"))
        let certificate = try Certificate(pem: pem)
        #expect(certificate.pem.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(pem.hasSuffix(certificate.pem))
    }

    @Test(arguments: [
        ("", "empty base64"),
        ("====", "empty base64"),
        ("MIIB", "the base64 does not hold exactly one X.509 certificate"),
        ("MIIBM", "base64 that ends too early"),
        ("MII BMI", "not base64 at byte 3"),
        ("MIIB_-", "not base64 at byte 4"),
        ("M=IB", "not base64 at byte 1"),
        ("MIIB\n", "not base64 at byte 4"),
        ("bm90IGEgY2VydGlmaWNhdGU", "the base64 does not hold exactly one X.509 certificate"),
    ])
    func `refuses`(field: String, reason: String) {
        #expect(throws: CertificateError(reason)) { try Certificate(handshakeField: field) }
    }

    @Test func `refuses bytes behind the certificate`() throws {
        var der = try #require(
            Data(base64Encoded: paddedField(of: Certificate(pem: Identity().certificate))))
        der.append(0)
        #expect(throws: CertificateError.self) {
            try Certificate(handshakeField: der.base64EncodedString())
        }
    }

    @Test func `refuses part of a certificate`() throws {
        let field = try Certificate(pem: Identity().certificate).handshakeField
        #expect(throws: CertificateError.self) {
            try Certificate(handshakeField: field.dropLast(40))
        }
    }

    @Test(arguments: [
        "", "hello", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    ])
    func `refuses what is not PEM`(text: String) {
        let error = #expect(throws: CertificateError.self) { try Certificate(pem: text) }
        #expect(error?.reason.hasPrefix("cannot read a PEM certificate: ") == true)
    }

    @Test func `refuses two in one text`() throws {
        let two = try Identity().certificate + Identity().certificate
        #expect(throws: CertificateError("expected one PEM certificate, found more")) {
            try Certificate(pem: two)
        }
    }

    private func paddedField(of certificate: Certificate) -> String {
        let field = certificate.handshakeField
        return field + String(repeating: "=", count: (4 - field.utf8.count % 4) % 4)
    }
}
