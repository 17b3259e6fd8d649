/// A pattern of a path as git has it, where `*` stops at a slash and `**` does not.
struct Glob {
    private let pattern: ArraySlice<UInt8>

    init(_ pattern: ArraySlice<UInt8>) { self.pattern = pattern }

    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        match(pattern.startIndex, text) == .match
    }

    /// Why a match failed tells whoever tries again from the next place whether that is any use.
    private enum Result {
        case match, mismatch
        /// No `*` can help.
        case end
        /// Only a `**` can help.
        case slash
    }

    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let backslash = UInt8(ascii: "\\")

    private func at(_ position: Int) -> UInt8? {
        position < pattern.endIndex ? pattern[position] : nil
    }

    private func match(_ start: Int, _ text: ArraySlice<UInt8>) -> Result {
        var position = start
        var rest = text
        while let byte = at(position) {
            guard let first = rest.first else {
                if byte != Self.star { return .end }
                return stars(&position, start, &rest) ?? .mismatch
            }
            switch byte {
            case Self.backslash:
                guard let escaped = at(position + 1), first == escaped else { return .mismatch }
                position += 2
                rest.removeFirst()
            case UInt8(ascii: "?"):
                if first == Self.slash { return .mismatch }
                position += 1
                rest.removeFirst()
            case UInt8(ascii: "["):
                var set = CharacterSet(pattern[(position + 1)...])
                guard let contains = set.contains(first), contains, first != Self.slash else {
                    return set.isClosed ? .mismatch : .end
                }
                position = set.end
                rest.removeFirst()
            case Self.star:
                if let result = stars(&position, start, &rest) { return result }
            default:
                if byte != first { return .mismatch }
                position += 1
                rest.removeFirst()
            }
        }
        return rest.isEmpty ? .match : .mismatch
    }

    /// - Returns: Nil to go on from `position` and `rest`.
    private func stars(
        _ position: inout Int, _ start: Int, _ rest: inout ArraySlice<UInt8>
    ) -> Result? {
        let first = position
        while at(position) == Self.star { position += 1 }
        var crossesSlashes = false
        if position - first > 1 {
            let isAtStart = first == start || pattern[first - 1] == Self.slash
            let next = at(position)
            if isAtStart,
                next == nil || next == Self.slash
                    || (next == Self.backslash && at(position + 1) == Self.slash)
            {
                if next == Self.slash, match(position + 1, rest) == .match { return .match }
                crossesSlashes = true
            }
        }
        guard let next = at(position) else {
            return crossesSlashes || !rest.contains(Self.slash) ? .match : .slash
        }
        if !crossesSlashes, next == Self.slash {
            guard let slash = rest.firstIndex(of: Self.slash) else { return .end }
            rest = rest[slash...]
            return nil
        }
        while let byte = rest.first {
            let result = match(position, rest)
            switch result {
            case .mismatch: break
            case .slash where crossesSlashes: break
            default: return result
            }
            if !crossesSlashes, byte == Self.slash { return .slash }
            rest.removeFirst()
        }
        return .end
    }
}

/// What stands between `[` and `]`.
private struct CharacterSet {
    private let text: ArraySlice<UInt8>

    /// Behind the `]`.
    private(set) var end = 0
    private(set) var isClosed = false

    init(_ text: ArraySlice<UInt8>) { self.text = text }

    /// - Returns: Nil if there is no `]`.
    mutating func contains(_ byte: UInt8) -> Bool? {
        var position = text.startIndex
        func at(_ position: Int) -> UInt8? { position < text.endIndex ? text[position] : nil }
        let isNegated = at(position) == UInt8(ascii: "!") || at(position) == UInt8(ascii: "^")
        if isNegated { position += 1 }
        var isFound = false
        var previous: UInt8?
        var isFirst = true
        while let next = at(position), isFirst || next != UInt8(ascii: "]") {
            isFirst = false
            if next == UInt8(ascii: "-"), let low = previous, let high = at(position + 1),
                high != UInt8(ascii: "]")
            {
                var last = high
                position += 1
                if high == UInt8(ascii: "\\") {
                    guard let escaped = at(position + 1) else { return nil }
                    last = escaped
                    position += 1
                }
                if low <= byte, byte <= last { isFound = true }
                previous = nil
            } else if next == UInt8(ascii: "["), at(position + 1) == UInt8(ascii: ":"),
                let close = text[position...].firstIndex(of: UInt8(ascii: "]")),
                close > position + 2, text[close - 1] == UInt8(ascii: ":")
            {
                let name = String(decoding: text[position + 2..<close - 1], as: UTF8.self)
                guard let isOne = Self.isMember(byte, of: name) else { return nil }
                if isOne { isFound = true }
                position = close
                previous = nil
            } else {
                var literal = next
                if next == UInt8(ascii: "\\") {
                    guard let escaped = at(position + 1) else { return nil }
                    literal = escaped
                    position += 1
                }
                if literal == byte { isFound = true }
                previous = literal
            }
            position += 1
        }
        guard at(position) != nil else { return nil }
        isClosed = true
        end = position + 1
        return isFound != isNegated
    }

    private static func isMember(_ byte: UInt8, of name: String) -> Bool? {
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
