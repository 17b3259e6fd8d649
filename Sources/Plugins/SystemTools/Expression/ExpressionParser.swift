/// Reads the syntax that RE2, Go and Rust share, and POSIX mostly.
struct ExpressionParser {
    private let text: [Unicode.Scalar]
    private var position = 0
    private var ignoresCase: Bool
    private var depth = 0

    private static let deepest = 100
    private static let mostRepetitions = 1000

    static func parse(
        _ text: String, ignoresCase: Bool
    ) throws(ExpressionError) -> Syntax {
        var parser = ExpressionParser(text: Array(text.unicodeScalars), ignoresCase: ignoresCase)
        let syntax = try parser.choice()
        if parser.position < parser.text.count { throw parser.error("a ')' closes nothing") }
        return syntax
    }

    private init(text: [Unicode.Scalar], ignoresCase: Bool) {
        self.text = text
        self.ignoresCase = ignoresCase
    }

    private func error(_ problem: String) -> ExpressionError {
        ExpressionError(position: min(position, max(text.count - 1, 0)) + 1, problem: problem)
    }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private func continues(_ expected: String) -> Bool {
        text[position...].starts(with: expected.unicodeScalars)
    }

    private mutating func take(_ expected: String) -> Bool {
        guard continues(expected) else { return false }
        position += expected.unicodeScalars.count
        return true
    }

    private mutating func choice() throws(ExpressionError) -> Syntax {
        guard depth < Self.deepest else { throw error("too many '(' within each other") }
        depth += 1
        // A flag such as (?i) holds until the group ends.
        let outer = ignoresCase
        defer {
            depth -= 1
            ignoresCase = outer
        }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(ExpressionError) -> Syntax {
        var parts: [Syntax] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let part = try part() else { continue }
            parts.append(try repetitions(of: part))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// - Returns: Nil for what only changes how the rest is read.
    private mutating func part() throws(ExpressionError) -> Syntax? {
        let scalar = text[position]
        switch scalar {
        case "(": return try group()
        case "[": return .scalar(try bracket())
        case "\\": return try escape()
        case "*", "+", "?": throw error("'\(scalar)' repeats nothing")
        default: break
        }
        position += 1
        switch scalar {
        case ".": return .scalar(.any)
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        default: return .scalar(folded(ScalarSet(scalar)))
        }
    }

    private func folded(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.foldingCase : set }

    private mutating func repetitions(of part: Syntax) throws(ExpressionError) -> Syntax {
        var part = part
        while let (least, most) = try quantifier() {
            if continues("+") { throw error("possessive repetition is not supported") }
            // Which of several matches is meant makes no difference to whether there is one.
            _ = take("?")
            part = .repeated(part, least: least, most: most)
        }
        return part
    }

    private mutating func quantifier() throws(ExpressionError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard continues("{") else { return nil }
        // A brace that is no repetition is itself, as in `interface{}`.
        let inside = text[(position + 1)...].prefix { $0 != "}" }
        guard inside.endIndex < text.count else { return nil }
        let bounds = inside.split(separator: ",", omittingEmptySubsequences: false)
        guard bounds.count <= 2, !inside.isEmpty, inside != [","],
            inside.allSatisfy({ ("0"..."9").contains($0) || $0 == "," })
        else { return nil }
        func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int {
            Int(String(String.UnicodeScalarView(digits))) ?? .max
        }
        let least = bounds[0].isEmpty ? 0 : number(bounds[0])
        let most = bounds.count == 1 ? least : bounds[1].isEmpty ? nil : number(bounds[1])
        guard max(least, most ?? 0) <= Self.mostRepetitions else {
            throw error("more than \(Self.mostRepetitions) repetitions")
        }
        if let most, most < least {
            throw error("the bounds of a repetition are the wrong way round")
        }
        position = inside.endIndex + 1
        return (least, most)
    }

    private mutating func group() throws(ExpressionError) -> Syntax? {
        let opening = position
        position += 1
        let outer = ignoresCase
        if take("?") {
            for look in ["=", "!", "<=", "<!", ">"] where continues(look) {
                throw error("looking ahead or behind is not supported")
            }
            if take("P<") || take("<") {
                while let scalar = next, scalar != ">" { position += scalar == ")" ? 0 : 1 }
                guard take(">") else { throw error("the name of a group does not end") }
            } else if try flags() {
                return nil
            }
        }
        let inside = try choice()
        ignoresCase = outer
        guard take(")") else {
            position = opening
            throw error("a '(' is not closed")
        }
        return inside
    }

    /// Reads `i:` of `(?i:…)`, or `i)` of `(?i)`.
    ///
    /// - Returns: Whether that was all of the group.
    private mutating func flags() throws(ExpressionError) -> Bool {
        var isSet = true
        while let flag = next {
            position += 1
            switch flag {
            case "i": ignoresCase = isSet
            case "-": isSet = false
            // A line is all there is, so these change nothing.
            case "m", "s", "u": break
            case ":": return false
            case ")": return true
            default:
                position -= 1
                throw error("an unknown flag '\(flag)'")
            }
        }
        throw error("a '(' is not closed")
    }
}

// Escapes and brackets.
extension ExpressionParser {
    private mutating func escape() throws(ExpressionError) -> Syntax {
        position += 1
        guard let scalar = next else { throw error("nothing follows the last '\\'") }
        let assertions: [Unicode.Scalar: Assertion] = [
            "b": .wordBoundary, "B": .noWordBoundary, "<": .wordStart, ">": .wordEnd,
            "A": .start, "z": .end, "Z": .end,
        ]
        if let assertion = assertions[scalar] {
            position += 1
            return .assertion(assertion)
        }
        if ("1"..."9").contains(scalar) {
            throw error("references to groups are not supported")
        }
        return .scalar(try escapedSet())
    }

    /// Reads what follows a backslash, for in and outside of brackets.
    private mutating func escapedSet() throws(ExpressionError) -> ScalarSet {
        guard let scalar = next else { throw error("nothing follows the last '\\'") }
        let sets: [Unicode.Scalar: ScalarSet] = [
            "d": .digit, "w": .word, "s": .space, "D": ScalarSet.digit.inverted,
            "W": ScalarSet.word.inverted, "S": ScalarSet.space.inverted,
        ]
        if let set = sets[scalar] {
            position += 1
            return set
        }
        let controls: [Unicode.Scalar: Unicode.Scalar] = [
            "t": "\t", "n": "\n", "r": "\r", "f": "\u{0C}", "v": "\u{0B}", "a": "\u{07}",
            "e": "\u{1B}", "0": "\0",
        ]
        if let control = controls[scalar] {
            position += 1
            return ScalarSet(control)
        }
        if scalar == "x" || scalar == "u" {
            return folded(ScalarSet(try codePoint(digits: scalar == "x" ? 2 : 4)))
        }
        if scalar == "p" || scalar == "P" {
            throw error("classes of Unicode properties are not supported")
        }
        if scalar.isASCII, scalar.properties.isAlphabetic {
            throw error("an unknown escape '\\\(scalar)'")
        }
        position += 1
        return folded(ScalarSet(scalar))
    }

    /// Reads `x41`, `x{1F600}`, `u00e9`.
    private mutating func codePoint(digits count: Int) throws(ExpressionError) -> Unicode.Scalar {
        position += 1
        let isBraced = take("{")
        let digits = text[position...].prefix { $0 != "}" && $0.properties.isASCIIHexDigit }
        let taken = isBraced ? digits : digits.prefix(count)
        guard isBraced || taken.count == count,
            let value = UInt32(String(String.UnicodeScalarView(taken)), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw error("the number of a character is wrong") }
        position = taken.endIndex
        if isBraced, !take("}") { throw error("the number of a character is wrong") }
        return scalar
    }

    private mutating func bracket() throws(ExpressionError) -> ScalarSet {
        let opening = position
        position += 1
        let isInverted = take("^")
        var set = ScalarSet([])
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            if take("[:") {
                set = set.union(folded(try namedSet()))
                continue
            }
            let start = try element()
            guard continues("-"), position + 1 < text.count, text[position + 1] != "]",
                let low = start.single
            else {
                set = set.union(folded(start))
                continue
            }
            position += 1
            guard let high = try element().single, low <= high else {
                throw error("a range has no end or the wrong one")
            }
            set = set.union(folded(ScalarSet([low...high])))
        }
        guard take("]") else {
            position = opening
            throw error("a '[' is not closed")
        }
        // Not even an inverted set goes beyond the line.
        return isInverted ? set.union(ScalarSet("\n")).inverted : set
    }

    private mutating func element() throws(ExpressionError) -> ScalarSet {
        guard let scalar = next else { throw error("a '[' is not closed") }
        position += 1
        guard scalar == "\\" else { return ScalarSet(scalar) }
        if take("b") { return ScalarSet("\u{08}") }
        return try escapedSet()
    }

    /// Reads `alpha:]` of `[:alpha:]`.
    private mutating func namedSet() throws(ExpressionError) -> ScalarSet {
        let name = text[position...].prefix { $0 != ":" }
        guard let set = ScalarSet.named[String(String.UnicodeScalarView(name))] else {
            throw error("an unknown class of characters")
        }
        position = name.endIndex
        guard take(":]") else { throw error("the name of a class does not end in ':]'") }
        return set
    }
}

extension ScalarSet {
    /// The only scalar in it.
    fileprivate var single: UInt32? {
        guard ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
        return range.lowerBound
    }
}
