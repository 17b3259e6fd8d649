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
        try decode(letters: Array(text.utf8))
    }

    /// Returns floats of four bytes each, the lowest byte first, as OpenAI's API writes vectors.
    package static func floats(letters: [UInt8]) throws(Base64Error) -> [Float] {
        let bytes = try decode(letters: letters)
        guard bytes.count.isMultiple(of: 4) else { throw .notFloats(bytes: bytes.count) }
        var floats: [Float] = []
        floats.reserveCapacity(bytes.count / 4)
        var place = 0
        while place < bytes.count {
            let pattern =
                UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
                | UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24
            floats.append(Float(bitPattern: pattern))
            place += 4
        }
        return floats
    }

    private static func decode(letters: [UInt8]) throws(Base64Error) -> [UInt8] {
        let count = letters.lastIndex { $0 != UInt8(ascii: "=") }.map { $0 + 1 } ?? 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / 4 * 3 + 2)
        var wrong: UInt32 = 0
        let values = values
        var position = 0
        while position < count {
            let length = min(4, count - position)
            var bits: UInt32 = 0
            for letter in position..<(position + length) {
                let value = UInt32(values[Int(letters[letter])])
                wrong |= value
                bits = bits &<< 6 | value & 63
            }
            bits &<<= UInt32(6 * (4 - length))
            bytes.append(UInt8(truncatingIfNeeded: bits &>> 16))
            if length > 2 { bytes.append(UInt8(truncatingIfNeeded: bits &>> 8)) }
            if length > 3 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
            position += 4
        }
        if wrong > 63 {
            throw .foreignByte(position: letters.firstIndex { values[Int($0)] > 63 }!)
        }
        // Six bits that are left over are not a byte.
        if count & 3 == 1 { throw .cutShort }
        return bytes
    }

    /// The six bits that each letter stands for; 255 for all other bytes.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.utf8.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()
}

/// A reason why a text is not base64.
package enum Base64Error: Error, Equatable {
    /// - Parameter position: In bytes from the beginning.
    case foreignByte(position: Int)
    case cutShort
    /// The bytes are not a whole number of floats.
    case notFloats(bytes: Int)
}

extension Base64Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .foreignByte(let position): "not base64 at byte \(position)"
        case .cutShort: "base64 that ends too early"
        case .notFloats(let bytes): "base64 of \(bytes) bytes, not of 32-bit floats"
        }
    }
}
