/// Base64 with the standard alphabet (RFC 4648, section 4).
package enum Base64 {
    private static let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// Returns the letters of some bytes.
    ///
    /// - Parameter padded: False to leave out the `=` that fill up the last four letters.
    package static func encode(_ bytes: some Sequence<UInt8>, padded: Bool = true) -> String {
        let alphabet = Array(Self.alphabet.utf8)
        var letters: [UInt8] = []
        letters.reserveCapacity((bytes.underestimatedCount + 2) / 3 * 4)
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 6 {
                count -= 6
                letters.append(alphabet[bits >> count & 63])
            }
            bits &= 63
        }
        if count > 0 { letters.append(alphabet[bits << (6 - count) & 63]) }
        while padded, letters.count % 4 != 0 { letters.append(UInt8(ascii: "=")) }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Returns the bytes of a text with or without padding; white space is an error.
    package static func decode(_ text: some StringProtocol) throws(Base64Error) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3 + 2)
        try decode(text.utf8) { bytes.append($0) }
        return bytes
    }

    /// Hands on the bytes of a text one by one, for what is not to be copied first.
    @inlinable package static func decode(
        _ text: some Sequence<UInt8>, _ body: (UInt8) -> Void
    ) throws(Base64Error) {
        var bits: UInt32 = 0
        var count: UInt32 = 0
        var position = 0
        var padding: Int?
        for letter in text {
            if letter == UInt8(ascii: "=") {
                if padding == nil { padding = position }
            } else {
                if let padding { throw .foreignByte(position: padding) }
                guard let digit = digit(letter) else { throw .foreignByte(position: position) }
                bits = bits << 6 | UInt32(digit)
                count += 6
                if count >= 8 {
                    count -= 8
                    body(UInt8(truncatingIfNeeded: bits >> count))
                    bits &= 1 << count - 1
                }
            }
            position += 1
        }
        // Six bits that are left over are not a byte.
        if count == 6 { throw .cutShort }
    }

    /// The six bits that a letter stands for.
    @inlinable package static func digit(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

/// A reason why a text is not base64.
package enum Base64Error: Error, Equatable {
    /// - Parameter position: In bytes from the beginning.
    case foreignByte(position: Int)
    case cutShort
}

extension Base64Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .foreignByte(let position): "not base64 at byte \(position)"
        case .cutShort: "base64 that ends too early"
        }
    }
}
