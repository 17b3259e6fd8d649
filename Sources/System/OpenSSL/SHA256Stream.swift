import COpenSSL

/// A SHA-256 digest of bytes that come in pieces.
package final class SHA256Stream {
    private let context = EVP_MD_CTX_new()

    package init() { restart() }

    deinit { EVP_MD_CTX_free(context) }

    /// Forgets the bytes so far.
    package func restart() {
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "OpenSSL has no SHA-256")
    }

    package func add(_ bytes: [UInt8]) { EVP_DigestUpdate(context, bytes, bytes.count) }

    /// Returns the digest as 64 lower-case hexadecimal digits. No bytes may come after it.
    package func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return SHA256.hex(digest: digest)
    }
}
