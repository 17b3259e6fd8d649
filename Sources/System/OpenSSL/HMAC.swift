import COpenSSL

/// Keyed digests with HMAC-SHA-256, which only a holder of the key can make.
package enum HMAC {
    /// Returns 64 lower-case hexadecimal digits.
    package static func hex(of bytes: [UInt8], key: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: SHA256.size)
        let result = COpenSSL.HMAC(
            EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, nil)
        precondition(result != nil, "OpenSSL has no HMAC-SHA-256")
        return SHA256.hex(digest: digest)
    }
}
