import OpenSSL
import TestSupport
import Testing

@Suite struct IdentityTests {
    @Test func `is the certificate that go-plugin makes, on a smaller curve`() throws {
        let identity = try Identity()
        let text = try run("openssl", "x509", "-noout", "-text", input: identity.certificate)
        for expected in [
            "Version: 3 (0x2)",
            "Signature Algorithm: ecdsa-with-SHA256",
            "Issuer: O = HashiCorp, CN = localhost",
            "Subject: O = HashiCorp, CN = localhost",
            "NIST CURVE: P-256",
            "X509v3 Key Usage: critical\n"
                + "                Digital Signature, Key Encipherment, Key Agreement, Certificate Sign",
            "X509v3 Extended Key Usage: \n"
                + "                TLS Web Client Authentication, TLS Web Server Authentication",
            "X509v3 Basic Constraints: critical\n                CA:TRUE",
            "X509v3 Subject Key Identifier: \n",
            "X509v3 Subject Alternative Name: \n                DNS:localhost",
        ] {
            #expect(text.contains(expected), "\(expected) in \(text)")
        }
    }

    @Test func `is valid now and for thirty years`() throws {
        let certificate = try Identity().certificate
        let almostThirtyYears = 262_979 * 3600
        let valid = try run(
            "openssl", "x509", "-noout", "-checkend", "\(almostThirtyYears)", input: certificate)
        #expect(valid == "Certificate will not expire\n")
        #expect(throws: CommandError.self) {
            try run(
                "openssl", "x509", "-noout", "-checkend", "\(almostThirtyYears + 7200)",
                input: certificate)
        }
    }

    @Test(arguments: ["sslserver", "sslclient"])
    func `convinces a peer that trusts it`(purpose: String) throws {
        let identity = try Identity()
        let folder = try TemporaryFolder()
        let certificate = try folder.write(identity.certificate, to: "certificate.pem")
        let answer = try run(
            "openssl", "verify", "-x509_strict", "-check_ss_sig", "-purpose", purpose,
            "-verify_hostname", "localhost", "-CAfile", certificate, certificate)
        #expect(answer == "\(certificate): OK\n")
    }

    @Test func `does not convince a peer that trusts another`() throws {
        let folder = try TemporaryFolder()
        let one = try folder.write(Identity().certificate, to: "one.pem")
        let other = try folder.write(Identity().certificate, to: "other.pem")
        #expect(throws: CommandError.self) {
            try run("openssl", "verify", "-CAfile", other, one)
        }
    }

    @Test func `holds the key of its certificate`() throws {
        let identity = try Identity()
        #expect(identity.privateKey.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let ofKey = try run("openssl", "pkey", "-pubout", input: identity.privateKey)
        let ofCertificate = try run(
            "openssl", "x509", "-noout", "-pubkey", input: identity.certificate)
        #expect(ofKey == ofCertificate)
    }

    @Test func `is another each time`() throws {
        let serials = try (0..<4).map { _ in
            try run("openssl", "x509", "-noout", "-serial", input: Identity().certificate)
        }
        #expect(Set(serials).count == serials.count)
        #expect(serials.allSatisfy { $0.utf8.count > "serial=".utf8.count + 20 })
    }
}
