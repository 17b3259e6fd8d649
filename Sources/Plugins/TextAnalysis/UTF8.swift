extension Span where Element == UInt8 {
    /// Returns the scalar at `position` and its length in bytes; U+FFFD for bytes that are not
    /// UTF-8.
    package func scalar(at position: Int) -> (UInt32, Int) {
        let lead = UInt32(self[position])
        let length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        if length == 1 { return (lead, 1) }
        guard length > 0, lead < 0xF5, position + length <= count else { return (0xFFFD, 1) }
        var scalar = lead & (0x7F >> UInt32(length))
        for index in position + 1..<position + length {
            guard self[index] & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | UInt32(self[index] & 0x3F)
        }
        return (scalar, length)
    }
}

extension [UInt8] {
    /// Appends a scalar in UTF-8.
    mutating func append(scalar: UInt32) {
        switch scalar {
        case ..<0x80: append(UInt8(truncatingIfNeeded: scalar))
        case ..<0x800:
            append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
            append(continuation: scalar)
        case ..<0x10000:
            append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
            append(continuation: scalar >> 6)
            append(continuation: scalar)
        default:
            append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
            append(continuation: scalar >> 12)
            append(continuation: scalar >> 6)
            append(continuation: scalar)
        }
    }

    private mutating func append(continuation bits: UInt32) {
        append(0x80 | UInt8(truncatingIfNeeded: bits) & 0x3F)
    }
}
