/// A pattern for paths, in which `*` stops at a slash and `**` does not.
///
/// It matches as git's wildmatch does: a `*` that fails says if an earlier `*` can still succeed,
/// so that the time grows with the product of both lengths.
package struct Glob: Equatable, Sendable {
    /// The dialect of a pattern, where programs differ.
    package enum Dialect: Sendable {
        /// As in gitignore(5): `?` and a bracket expression match one byte, and `**` differs from
        /// `*` only between slashes.
        case git
        /// As in editors and search tools: `?` and a bracket expression match one character, `**`
        /// crosses slashes everywhere, and an unclosed bracket or a final backslash stands for
        /// itself.
        case characters
    }

    private let pattern: [UInt8]
    private let dialect: Dialect

    package init(_ pattern: [UInt8], _ dialect: Dialect) {
        self.pattern = pattern
        self.dialect = dialect
    }

    /// - Parameter text: Text in UTF-8. A byte that is not UTF-8 counts as a character.
    package func matches(_ text: ArraySlice<UInt8>) -> Bool {
        match(pattern.startIndex, text) == .match
    }

    /// The result of a match. A failure says if another try from the next position can succeed.
    private enum Result {
        case match, mismatch
        /// A failure that a longer match of a `*` cannot change.
        case end
        /// A failure that only a longer match of a `**` can change.
        case slash
    }

    private static let slash = UInt8(ascii: "/")
    private static let bracket = UInt8(ascii: "[")
    private static let star = UInt8(ascii: "*")
    private static let backslash = UInt8(ascii: "\\")

    /// False if a range in brackets is empty because its ends are in the wrong order.
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

    /// Returns the value that `?` or a bracket expression matches, and its length in bytes.
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

    /// Matches stars and the rest of the pattern.
    ///
    /// - Returns: Nil if the match continues at `position` and `rest`.
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
