import COpenSSL

/// Base64 with the standard alphabet (RFC 4648, section 4) and no padding.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let capacity = (bytes.count + 2) / 3 * 4 + 1
        return String(unsafeUninitializedCapacity: capacity) { text in
            // Ends with a NUL that is not counted.
            let count = Int(EVP_EncodeBlock(text.baseAddress, bytes, Int32(bytes.count)))
            return count - (3 - bytes.count % 3) % 3
        }
    }

    /// Accepts padding, but no white space.
    static func decode(_ text: some StringProtocol) throws(CertificateError) -> [UInt8] {
        var text = Array(text.utf8)
        while text.last == UInt8(ascii: "=") { text.removeLast() }
        if let wrong = text.firstIndex(where: { !isLetter($0) }) {
            throw CertificateError("not base64 at byte \(wrong)")
        }
        guard text.count % 4 != 1 else { throw CertificateError("base64 that ends too early") }
        let padding = (4 - text.count % 4) % 4
        text += Array(repeating: UInt8(ascii: "="), count: padding)
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, count in
            // Counts the zeros that padding decodes to.
            count = max(
                0, Int(EVP_DecodeBlock(bytes.baseAddress, text, Int32(text.count))) - padding)
        }
        guard !bytes.isEmpty else { throw CertificateError("empty base64") }
        return bytes
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
