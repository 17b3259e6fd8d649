/// A bracket expression, the part between `[` and `]`, as in POSIX and git.
struct BracketExpression {
    private let text: ArraySlice<UInt8>
    private let hasCharacters: Bool

    /// The position after the `]`.
    private(set) var end = 0
    private(set) var isClosed = false
    /// True if a range ends before it begins, once `contains` has read it.
    private(set) var hasEmptyRange = false

    /// - Parameters:
    ///   - text: The pattern after the `[`.
    ///   - hasCharacters: True to read characters of UTF-8, false to read bytes.
    init(_ text: ArraySlice<UInt8>, hasCharacters: Bool) {
        self.text = text
        self.hasCharacters = hasCharacters
    }

    private func at(_ position: Int) -> UInt8? {
        position < text.endIndex ? text[position] : nil
    }

    /// Reads a byte or a character, and moves `position` to its last byte.
    private func value(at position: inout Int) -> UInt32 {
        guard hasCharacters else { return UInt32(text[position]) }
        let (value, length) = text[position...].firstCharacter
        position += length - 1
        return value
    }

    /// - Parameter value: A byte, or a character.
    /// - Returns: Nil if there is no `]`.
    mutating func contains(_ value: UInt32) -> Bool? {
        var position = text.startIndex
        let isNegated = at(position) == UInt8(ascii: "!") || at(position) == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var isFound = false
        var previous: UInt32?
        var isFirst = true
        while let next = at(position), isFirst || next != UInt8(ascii: "]") {
            isFirst = false
            if next == UInt8(ascii: "-"), let low = previous, let high = at(position + 1),
                high != UInt8(ascii: "]")
            {
                position += 1
                if high == UInt8(ascii: "\\") {
                    guard at(position + 1) != nil else { return nil }
                    position += 1
                }
                let last = self.value(at: &position)
                if low <= value, value <= last { isFound = true }
                if last < low { hasEmptyRange = true }
                previous = nil
            } else if next == UInt8(ascii: "["), at(position + 1) == UInt8(ascii: ":"),
                let close = text[position...].firstIndex(of: UInt8(ascii: "]")),
                close > position + 2, text[close - 1] == UInt8(ascii: ":")
            {
                let name = String(decoding: text[position + 2..<close - 1], as: UTF8.self)
                guard let isOne = Self.isMember(value, of: name) else { return nil }
                if isOne { isFound = true }
                position = close
                previous = nil
            } else {
                if next == UInt8(ascii: "\\") {
                    guard at(position + 1) != nil else { return nil }
                    position += 1
                }
                let literal = self.value(at: &position)
                if literal == value { isFound = true }
                previous = literal
            }
            position += 1
        }
        guard at(position) != nil else { return nil }
        isClosed = true
        end = position + 1
        return isFound != isNegated
    }

    private static func isMember(_ byte: UInt32, of name: String) -> Bool? {
        let isDigit = (0x30...0x39).contains(byte)
        let isUpper = (0x41...0x5A).contains(byte)
        let isLower = (0x61...0x7A).contains(byte)
        switch name {
        case "alnum": return isDigit || isUpper || isLower
        case "alpha": return isUpper || isLower
        case "blank": return byte == 0x20 || byte == 0x09
        case "cntrl": return byte < 0x20 || byte == 0x7F
        case "digit": return isDigit
        case "graph": return (0x21...0x7E).contains(byte)
        case "lower": return isLower
        case "print": return (0x20...0x7E).contains(byte)
        case "punct": return (0x21...0x7E).contains(byte) && !isDigit && !isUpper && !isLower
        case "space": return byte == 0x20 || (0x09...0x0D).contains(byte)
        case "upper": return isUpper
        case "xdigit":
            return isDigit || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
        default: return nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// The first character and its length in bytes. A byte that is not UTF-8 counts as a character,
    /// with a value that no real character has.
    var firstCharacter: (value: UInt32, length: Int) {
        let lead = self[startIndex]
        if lead < 0x80 { return (UInt32(lead), 1) }
        let length = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1
        if length > 1, let text = String(validating: prefix(length), as: UTF8.self),
            let scalar = text.unicodeScalars.first
        {
            return (scalar.value, length)
        }
        return (0x11_0000 | UInt32(lead), 1)
    }
}
