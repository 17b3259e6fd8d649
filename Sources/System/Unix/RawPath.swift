import Glibc

/// A path as text, even if its bytes are not UTF-8: those that are not stand for themselves as
/// private characters, which no name of a file is likely to have. A name that has them is written so
/// as a whole, so that no two paths have one text.
package enum RawPath {
    /// The character for the byte 0x80.
    private static let first: UInt32 = 0x10FE80
    private static let all = first..<(first + 0x80)

    package static func text(of bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        if let text = String(validating: bytes, as: UTF8.self), !isRaw(text) { return text }
        var text = String.UnicodeScalarView()
        for byte in bytes {
            text.append(
                byte < 0x80 ? Unicode.Scalar(byte) : Unicode.Scalar(first + UInt32(byte - 0x80))!)
        }
        return String(text)
    }

    /// True if the path's bytes are not those of the text.
    package static func isRaw(_ text: String) -> Bool {
        // The first three bytes of these characters.
        guard text.utf8.contains(0xF4) else { return false }
        return text.unicodeScalars.contains { all.contains($0.value) }
    }

    package static func bytes(of text: String) -> [UInt8] {
        guard isRaw(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar -> [UInt8] in
            all.contains(scalar.value)
                ? [UInt8(scalar.value - first) + 0x80] : Array(String(scalar).utf8)
        }
    }

    /// Runs `body` with the path for the kernel.
    static func with<R>(_ text: String, _ body: (UnsafePointer<CChar>) -> R) -> R {
        guard isRaw(text) else { return text.withCString(body) }
        return (bytes(of: text) + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
        }
    }
}
