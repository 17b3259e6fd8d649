import COpenSSL

/// A temporary key and its self-signed certificate: one side of go-plugin's AutoMTLS.
///
/// The certificate is like go-plugin's in everything except the curve. A key on P-521, which
/// go-plugin uses, costs both sides 20 ms per launch and is not needed: every plugin accepts P-256
/// from its host.
package struct Identity: Sendable {
    /// The certificate in PEM.
    package let certificate: String

    /// The private key in PEM, PKCS#8, not encrypted.
    package let privateKey: String

    package init() throws(CertificateError) {
        guard let key = hector_generate_key("P-256") else {
            throw .failed(to: "generate a key")
        }
        defer { EVP_PKEY_free(key) }
        guard let certificate = X509_new() else { throw .failed(to: "make a certificate") }
        defer { X509_free(certificate) }

        try Self.describe(certificate)
        guard X509_set_pubkey(certificate, key) == 1 else {
            throw .failed(to: "put the key into the certificate")
        }
        try Self.addExtensions(to: certificate)
        guard X509_sign(certificate, key, EVP_sha256()) > 0 else {
            throw .failed(to: "sign the certificate")
        }
        self.certificate = try text { PEM_write_bio_X509($0, certificate) }
        privateKey = try text { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// Sets the version, serial number, names and validity.
    private static func describe(_ certificate: OpaquePointer) throws(CertificateError) {
        let serial = BN_new()
        defer { BN_free(serial) }
        let name = X509_get_subject_name(certificate)
        guard X509_set_version(certificate, Int(X509_VERSION_3)) == 1,
            BN_rand(serial, 128, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1,
            BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != nil,
            X509_NAME_add_entry_by_txt(name, "O", V_ASN1_UTF8STRING, "HashiCorp", -1, -1, 0) == 1,
            X509_NAME_add_entry_by_txt(name, "CN", V_ASN1_UTF8STRING, "localhost", -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), -clockDifference) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), lifetime) != nil
        else { throw .failed(to: "make a certificate") }
    }

    /// The number of seconds by which the other side's clock may be behind.
    private static let clockDifference = 30

    /// Thirty years in seconds, as go-plugin counts them.
    private static let lifetime = 262_980 * 3600

    private static func addExtensions(to certificate: OpaquePointer) throws(CertificateError) {
        var context = X509V3_CTX()
        hector_extensions_of(&context, certificate)
        for (kind, value) in extensions {
            guard let added = X509V3_EXT_conf_nid(nil, &context, kind, value) else {
                throw .failed(to: "make the certificate's '\(value)'")
            }
            defer { X509_EXTENSION_free(added) }
            guard X509_add_ext(certificate, added, -1) == 1 else {
                throw .failed(to: "add the certificate's '\(value)'")
            }
        }
    }

    /// The extensions in the notation of x509v3_config(5).
    private static let extensions = [
        (NID_key_usage, "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign"),
        (NID_ext_key_usage, "clientAuth,serverAuth"),
        (NID_basic_constraints, "critical,CA:TRUE"),
        (NID_subject_key_identifier, "hash"),
        (NID_subject_alt_name, "DNS:localhost"),
    ]
}
