import COpenSSL

/// A public key with which signatures are checked: ECDSA on P-256, as cosign makes them.
package struct SigningKey: Equatable, Sendable {
    /// The key in PEM, as OpenSSL writes it.
    package let pem: String

    /// The SHA-256 of the key in DER: 64 hexadecimal digits.
    package let fingerprint: String

    private let der: [UInt8]

    /// - Parameter text: A PEM text of a public key; text around it is ignored.
    package init(pem text: String) throws(CertificateError) {
        let bytes = Array(text.utf8)
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        guard BIO_write(bio, bytes, Int32(bytes.count)) == bytes.count,
            let key = PEM_read_bio_PUBKEY(bio, nil, nil, nil)
        else { throw .failed(to: "read a public key in PEM") }
        defer { EVP_PKEY_free(key) }
        var group = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &group, group.count, &length) == 1,
            String(decoding: group.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
                == "prime256v1"
        else {
            ERR_clear_error()
            throw CertificateError(
                "not an ECDSA key on P-256, which 'cosign generate-key-pair' makes")
        }
        var raw: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &raw)
        guard count > 0, let raw else { throw .failed(to: "encode the key") }
        defer { CRYPTO_free(raw, #fileID, #line) }
        der = Array(UnsafeBufferPointer(start: raw, count: Int(count)))
        fingerprint = SHA256.hex(of: der)
        pem = try OpenSSL.text { PEM_write_bio_PUBKEY($0, key) }
    }

    /// Returns true if a signature in DER is this key's over the SHA-256 of the bytes.
    package func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        let key = der.withUnsafeBufferPointer { der in
            var next = der.baseAddress
            return d2i_PUBKEY(nil, &next, der.count)
        }
        guard let key, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
            // A wrong signature leaves an error in the queue.
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }
}
