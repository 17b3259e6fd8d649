/// Reading of UTF-8 one character at a time. A character is a Unicode scalar, or a piece of text
/// that is not UTF-8: the longest start of a sequence that cannot go on, as the Unicode Standard
/// (section 3.9, "maximal subparts") advises and `String(decoding:as:)` replaces by U+FFFD.
extension Span where Element == UInt8 {
    /// Returns the number of bytes of the character that starts at `position`.
    @inlinable @inline(__always)
    package func characterLength(at position: Int) -> Int {
        self[position] < 0x80 ? 1 : longCharacterLength(at: position)
    }

    /// Does the same as ``characterLength(at:)`` for a byte that is not ASCII.
    @inlinable
    package func longCharacterLength(at position: Int) -> Int {
        let lead = self[position]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 1
        }
        guard position + 1 < count, second.contains(self[position + 1]) else { return 1 }
        var read = 2
        while read < length, position + read < count, self[position + read] & 0xC0 == 0x80 {
            read += 1
        }
        return read
    }

    /// Returns the start of the character before `position`, which must be the start of a character
    /// or the end.
    @inlinable
    package func characterStart(before position: Int) -> Int {
        var start = position - 1
        let earliest = Swift.max(0, position - 4)
        while start > earliest, self[start] & 0xC0 == 0x80 { start -= 1 }
        // Continuation bytes that do not belong to a preceding byte are separate characters.
        return start + characterLength(at: start) == position ? start : position - 1
    }

    /// Returns the scalar value of the character at `position`, or U+FFFD if it is not UTF-8.
    @inlinable
    package func scalar(at position: Int) -> UInt32 {
        let lead = UInt32(self[position])
        if lead < 0x80 { return lead }
        let length = characterLength(at: position)
        func next(_ index: Int) -> UInt32 { UInt32(self[position + index] & 0x3F) }
        switch (length, lead) {
        case (2, 0xC2...0xDF): return (lead & 0x1F) << 6 | next(1)
        case (3, 0xE0...0xEF): return (lead & 0x0F) << 12 | next(1) << 6 | next(2)
        case (4, 0xF0...0xF4): return (lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3)
        default: return 0xFFFD
        }
    }
}
