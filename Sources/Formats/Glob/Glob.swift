/// A pattern of a path, where `*` stops at a slash and `**` does not.
///
/// It matches in the way of git's wildmatch: a `*` that fails tells those before it whether they
/// are any use, so that the time is about the product of both lengths.
package struct Glob: Equatable, Sendable {
    /// A point in which programs differ.
    package enum Dialect: Sendable {
        /// As gitignore(5): `?` and a bracket take one byte, and `**` is more than a `*` only
        /// between slashes.
        case git
        /// As in editors and search tools: `?` and a bracket take one character, `**` crosses
        /// slashes everywhere, and a bracket or a backslash that begins nothing is itself.
        case characters
    }

    private let pattern: [UInt8]
    private let dialect: Dialect

    package init(_ pattern: [UInt8], _ dialect: Dialect) {
        self.pattern = pattern
        self.dialect = dialect
    }

    /// - Parameter text: UTF-8 mostly; a byte that is not is a character of its own.
    package func matches(_ text: ArraySlice<UInt8>) -> Bool {
        match(pattern.startIndex, text) == .match
    }

    /// The result of a match, where a failure says whether trying again from the next place can
    /// help.
    private enum Result {
        case match, mismatch
        /// Failed; no `*` can help.
        case end
        /// Failed; only a `**` can help.
        case slash
    }

    private static let slash = UInt8(ascii: "/")
    private static let bracket = UInt8(ascii: "[")
    private static let star = UInt8(ascii: "*")
    private static let backslash = UInt8(ascii: "\\")

    /// False if a range in brackets has its ends the wrong way round, so that nothing is in it.
    package var isSound: Bool {
        var position = 0
        while let byte = at(position) {
            position += byte == Self.backslash ? 2 : 1
            guard byte == Self.bracket else { continue }
            var set = BracketExpression(
                pattern[position...], hasCharacters: dialect == .characters)
            guard set.contains(0) != nil else { continue }
            if set.hasEmptyRange { return false }
            position = set.end
        }
        return true
    }

    /// The first thing that `?` or a bracket takes, and its length in bytes.
    private func first(of text: ArraySlice<UInt8>) -> (value: UInt32, length: Int) {
        dialect == .git ? (UInt32(text[text.startIndex]), 1) : text.firstCharacter
    }

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
                let isItself = dialect == .characters && at(position + 1) == nil
                let escaped = isItself ? Self.backslash : at(position + 1)
                guard first == escaped else { return .mismatch }
                position += isItself ? 1 : 2
                rest.removeFirst()
            case UInt8(ascii: "?"):
                if first == Self.slash { return .mismatch }
                position += 1
                rest.removeFirst(self.first(of: rest).length)
            case Self.bracket:
                let (value, length) = self.first(of: rest)
                var set = BracketExpression(
                    pattern[(position + 1)...], hasCharacters: dialect == .characters)
                let contains = set.contains(value)
                if contains == nil, dialect == .characters {
                    if first != Self.bracket { return .mismatch }
                    position += 1
                    rest.removeFirst()
                    continue
                }
                guard contains == true, first != Self.slash else {
                    return set.isClosed ? .mismatch : .end
                }
                position = set.end
                rest.removeFirst(length)
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
            let isAtEnd =
                next == nil || next == Self.slash
                || (next == Self.backslash && at(position + 1) == Self.slash)
            if dialect == .characters || isAtStart && isAtEnd {
                if next == Self.slash {
                    let result = match(position + 1, rest)
                    if result == .match || result == .end { return result }
                }
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
