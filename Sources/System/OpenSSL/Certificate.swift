import COpenSSL
import Text

/// An X.509 certificate that is known to be well formed.
package struct Certificate: Equatable, Sendable {
    package let pem: String

    private let der: [UInt8]

    /// - Parameter text: A PEM text. Text around the certificate is ignored; a second certificate
    ///   is an error.
    package init(pem text: String) throws(CertificateError) {
        let text = Array(text.utf8)
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        guard BIO_write(bio, text, Int32(text.count)) == text.count,
            let certificate = PEM_read_bio_X509(bio, nil, nil, nil)
        else { throw .failed(to: "read a PEM certificate") }
        defer { X509_free(certificate) }
        if let second = PEM_read_bio_X509(bio, nil, nil, nil) {
            X509_free(second)
            throw CertificateError("expected one PEM certificate, found more")
        }
        // OpenSSL has queued an error because there is no second certificate.
        ERR_clear_error()
        try self.init(certificate)
    }

    /// - Parameter field: The sixth field of go-plugin's handshake line: DER in standard base64,
    ///   with or without padding.
    package init(handshakeField field: some StringProtocol) throws(CertificateError) {
        let bytes: [UInt8]
        do { bytes = try Base64.decode(field) } catch { throw CertificateError("\(error)") }
        if bytes.isEmpty { throw CertificateError("empty base64") }
        let certificate = bytes.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            guard let certificate = d2i_X509(nil, &next, bytes.count) else {
                return nil as OpaquePointer?
            }
            if next == bytes.baseAddress! + bytes.count { return certificate }
            X509_free(certificate)
            return nil
        }
        guard let certificate else {
            ERR_clear_error()
            throw CertificateError("the base64 does not hold exactly one X.509 certificate")
        }
        defer { X509_free(certificate) }
        try self.init(certificate)
    }

    /// - Parameter certificate: A certificate that the caller still owns.
    private init(_ certificate: OpaquePointer) throws(CertificateError) {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(certificate, &bytes)
        guard count > 0, let bytes else { throw .failed(to: "encode the certificate") }
        // OPENSSL_free is a macro over CRYPTO_free that also records the caller.
        defer { CRYPTO_free(bytes, #fileID, #line) }
        der = Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        pem = try text { PEM_write_bio_X509($0, certificate) }
    }

    /// The sixth field of go-plugin's handshake line: DER in standard base64 without padding.
    package var handshakeField: String { Base64.encode(der, padded: false) }
}

/// Returns what `write` puts into a BIO, as text.
///
/// - Parameter write: Returns 1 when it has written everything.
func text(_ write: (OpaquePointer) -> Int32) throws(CertificateError) -> String {
    guard let bio = BIO_new(BIO_s_mem()) else { throw .failed(to: "get memory") }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { throw .failed(to: "write PEM") }
    var bytes: UnsafeMutablePointer<CChar>?
    let count = hector_bio_contents(bio, &bytes)
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
}
