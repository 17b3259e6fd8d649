extension Glob {
    /// Returns the patterns without braces that a pattern with `{a,b}` stands for.
    ///
    /// Braces may be nested. A brace that is not closed ends with the pattern. A comma or a closing
    /// brace outside of braces stands for itself.
    ///
    /// - Parameter most: The largest number of patterns to return.
    /// - Returns: Nil if there are too many patterns.
    package static func expandingBraces(of pattern: [UInt8], most: Int = 1000) -> [[UInt8]]? {
        var expanded: [[UInt8]] = []
        var open = [pattern]
        while let pattern = open.popLast() {
            guard let braces = Braces(firstIn: pattern) else {
                expanded.append(pattern)
                continue
            }
            for alternative in braces.alternatives.reversed() {
                open.append(Array(pattern[..<braces.start]) + alternative + pattern[braces.end...])
            }
            guard open.count + expanded.count <= most else { return nil }
        }
        return expanded
    }
}

/// The first `{…}` of a pattern.
private struct Braces {
    let start: Int
    /// The position after the closing brace.
    private(set) var end: Int
    private(set) var alternatives: [ArraySlice<UInt8>] = []

    /// - Returns: Nil if the pattern does not have braces.
    init?(firstIn pattern: [UInt8]) {
        var position = 0
        func skip() { position = Self.next(after: position, in: pattern) }
        while position < pattern.count, pattern[position] != UInt8(ascii: "{") { skip() }
        guard position < pattern.count else { return nil }
        start = position
        position += 1
        var first = position
        var depth = 1
        while position < pattern.count {
            switch pattern[position] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ",") where depth == 1:
                alternatives.append(pattern[first..<position])
                first = position + 1
            default: break
            }
            if depth == 0 { break }
            skip()
        }
        alternatives.append(pattern[first..<position])
        end = min(position + 1, pattern.count)
    }

    /// Returns the position after a character, an escaped character, or a bracket expression.
    private static func next(after position: Int, in pattern: [UInt8]) -> Int {
        switch pattern[position] {
        case UInt8(ascii: "\\"): return min(position + 2, pattern.count)
        case UInt8(ascii: "["):
            // A `]` that comes first does not end the expression.
            let close = pattern[min(position + 2, pattern.count)...].firstIndex(
                of: UInt8(ascii: "]"))
            return (close ?? position) + 1
        default: return position + 1
        }
    }
}
