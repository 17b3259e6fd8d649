extension Glob {
    /// Returns the patterns without braces that `{a,b}` in a pattern stand for.
    ///
    /// Braces may be within each other. A brace that is not closed ends with the pattern, and a
    /// comma or a closing brace outside of braces stands for itself.
    ///
    /// - Parameter most: The number of patterns that is too many.
    /// - Returns: Nil if there are too many.
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
    /// Behind the closing brace.
    private(set) var end: Int
    private(set) var alternatives: [ArraySlice<UInt8>] = []

    /// - Returns: Nil if there is none.
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

    /// Steps over a character, an escaped one, or a bracket expression.
    private static func next(after position: Int, in pattern: [UInt8]) -> Int {
        switch pattern[position] {
        case UInt8(ascii: "\\"): return min(position + 2, pattern.count)
        case UInt8(ascii: "["):
            // A bracket that comes first does not close.
            let close = pattern[min(position + 2, pattern.count)...].firstIndex(
                of: UInt8(ascii: "]"))
            return (close ?? position) + 1
        default: return position + 1
        }
    }
}
