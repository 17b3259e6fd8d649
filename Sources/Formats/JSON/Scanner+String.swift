extension Scanner {
    /// Skips a string, which starts with the quotation mark at the next byte.
    mutating func skipString() throws(JSONError) {
        let start = offset
        offset += 1
        while true {
            while offset + 8 <= count {
                let special = Lanes(text, at: offset).special
                offset += Lanes.first(special)
                if special != 0 { break }
            }
            switch next {
            case nil:
                throw JSONError(offset: start, problem: "a string without an end")
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"):
                try skipEscape()
            case .some(let byte) where byte >= 0x80:
                try skipMultibyte()
            case .some(let byte) where byte < 0x20:
                throw JSONError(
                    offset: offset, problem: "\(name(of: byte)) in a string must be escaped")
            default:
                offset += 1
            }
        }
    }

    /// Skips the rest, which may be any text.
    mutating func skipText() throws(JSONError) {
        while offset < count {
            if offset + 8 <= count, Lanes(text, at: offset).isASCII {
                offset += 8
            } else if text[offset] < 0x80 {
                offset += 1
            } else {
                try skipMultibyte()
            }
        }
    }

    private mutating func skipEscape() throws(JSONError) {
        guard offset + 1 < count else {
            throw JSONError(offset: offset, problem: "an escape without an end")
        }
        switch text[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            guard codeUnit(at: offset + 2) != nil else {
                throw JSONError(offset: offset, problem: "'\\u' without four hexadecimal digits")
            }
            offset += 6
        case let byte:
            throw JSONError(
                offset: offset, problem: "\(name(of: byte)) after a backslash in a string")
        }
    }

    /// Returns the UTF-16 code unit that four hexadecimal digits spell, or nil if they are not
    /// there.
    func codeUnit(at offset: Int) -> UInt16? {
        guard offset + 4 <= count else { return nil }
        var unit: UInt16 = 0
        for index in offset..<offset + 4 {
            let digit: UInt8
            switch text[index] {
            case let byte where byte &- 0x30 < 10: digit = byte - 0x30
            case let byte where (byte | 0x20) &- 0x61 < 6: digit = (byte | 0x20) - 0x61 + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Skips a run of characters that are not ASCII.
    ///
    /// The well-formed byte sequences are those of Table 3-7 of the Unicode Standard: neither
    /// overlong forms, nor surrogates, nor anything past U+10FFFF.
    mutating func skipMultibyte() throws(JSONError) {
        while let lead = next, lead >= 0x80 {
            let size: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: size = 2
            case 0xE0: (size, second) = (3, 0xA0...0xBF)
            case 0xED: (size, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: size = 3
            case 0xF0: (size, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: size = 4
            case 0xF4: (size, second) = (4, 0x80...0x8F)
            default: throw JSONError(offset: offset, problem: "invalid UTF-8")
            }
            guard offset + size <= count, second.contains(text[offset + 1]),
                size < 3 || text[offset + 2] & 0xC0 == 0x80,
                size < 4 || text[offset + 3] & 0xC0 == 0x80
            else { throw JSONError(offset: offset, problem: "invalid UTF-8") }
            offset += size
        }
    }
}
