/// A parser of regular expressions.
struct PatternParser {
    private let text: [Unicode.Scalar]
    private var position = 0

    /// The number of open groups.
    private var depth = 0

    /// The most open groups. More would need a larger stack.
    private static let deepest = 200

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    mutating func parse() throws(PatternError) -> Expression {
        let expression = try alternatives()
        // Only a closing bracket without an opening one ends it early.
        guard position == text.count else { throw .malformed }
        return expression
    }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let next else { return nil }
        position += 1
        return next
    }

    private mutating func skip(_ word: String) -> Bool {
        let word = Array(word.unicodeScalars)
        guard text[position...].starts(with: word) else { return false }
        position += word.count
        return true
    }

    private mutating func alternatives() throws(PatternError) -> Expression {
        var alternatives: [Expression] = []
        var parts: [Expression] = []
        while let scalar = next, scalar != ")" {
            if skip("|") {
                alternatives.append(.sequence(parts))
                parts = []
            } else {
                parts.append(try repetition())
            }
        }
        if alternatives.isEmpty { return .sequence(parts) }
        return .either(alternatives + [.sequence(parts)])
    }

    private mutating func repetition() throws(PatternError) -> Expression {
        let (part, isRepeatable) = try single()
        guard let (least, most) = try bounds() else { return part }
        guard isRepeatable else { throw .malformed }
        // Greedy and lazy repetitions are the same for whether a match exists.
        _ = skip("?")
        if let next, "*+?".unicodeScalars.contains(next) {
            throw next == "+" ? .unsupported("'++'") : .malformed
        }
        if try bounds() != nil { throw .malformed }
        return .repeated(part, least: least, most: most)
    }

    private mutating func bounds() throws(PatternError) -> (least: Int, most: Int?)? {
        if skip("*") { return (0, nil) }
        if skip("+") { return (1, nil) }
        if skip("?") { return (0, 1) }
        let start = position
        guard skip("{"), let least = number() else {
            // A brace that does not hold bounds stands for itself.
            position = start
            return nil
        }
        let most = skip(",") ? number() : least
        guard skip("}") else {
            position = start
            return nil
        }
        if let most, most < least { throw .malformed }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var number: Int?
        while let next, ScalarSet.digit.contains(next) {
            position += 1
            number = min((number ?? 0) * 10 + Int(next.value - 0x30), 1 << 40)
        }
        return number
    }

    /// - Returns: A part, and true if it may be repeated.
    private mutating func single() throws(PatternError) -> (Expression, Bool) {
        switch take() {
        case "^": return (.start, false)
        case "$": return (.end, false)
        case ".": return (.scalar(ScalarSet.lineEnd.inverted), true)
        case "(": return try group()
        case "[": return (.scalar(try characterClass()), true)
        case "\\": return try escape()
        case "*", "+", "?", nil: throw .malformed
        case let scalar?: return (.scalar(.one(scalar)), true)
        }
    }

    private mutating func group() throws(PatternError) -> (Expression, Bool) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw .tooLarge }
        var look: (isOne: Bool, isBehind: Bool)?
        if skip("?") {
            if skip("=") {
                look = (isOne: true, isBehind: false)
            } else if skip("!") {
                look = (isOne: false, isBehind: false)
            } else if skip("<=") {
                look = (isOne: true, isBehind: true)
            } else if skip("<!") {
                look = (isOne: false, isBehind: true)
            } else if skip("P<") || skip("<") {
                var name = 0
                while let scalar = take(), scalar != ">" { name += 1 }
                guard name > 0, text[position - 1] == ">" else { throw .malformed }
            } else if !skip(":") {
                guard let next, next != ")" else { throw .malformed }
                throw .unsupported("'(?\(next)'")
            }
        }
        let inner = try alternatives()
        guard skip(")") else { throw .malformed }
        guard let look else { return (inner, true) }
        return (.look(inner, isBehind: look.isBehind, isOne: look.isOne), !look.isBehind)
    }

    private mutating func escape() throws(PatternError) -> (Expression, Bool) {
        guard let scalar = next else { throw .malformed }
        switch scalar {
        case "b", "B":
            position += 1
            return (.wordEdge(isOne: scalar == "b"), false)
        case "A":
            position += 1
            return (.start, false)
        case "z", "Z":
            position += 1
            return (.end, false)
        // The text that a group has matched is not recorded.
        case "1"..."9", "k": throw .unsupported("'\\\(scalar)'")
        default: return (.scalar(try escapedSet()), true)
        }
    }

    /// Reads the text after a backslash, inside a class or outside.
    private mutating func escapedSet() throws(PatternError) -> ScalarSet {
        guard let scalar = take() else { throw .malformed }
        switch scalar {
        case "d": return .digit
        case "D": return .digit.inverted
        case "w": return .word
        case "W": return .word.inverted
        case "s": return .space
        case "S": return .space.inverted
        case "p", "P":
            guard skip("{"), let end = text[position...].firstIndex(of: "}") else {
                throw .malformed
            }
            var name = String.UnicodeScalarView()
            name.append(contentsOf: text[position..<end])
            position = end + 1
            guard let set = ScalarSet(property: String(name), isInverted: scalar == "P") else {
                throw .unsupported("'\\p{\(String(name))}'")
            }
            return set
        default: return .one(try escapedScalar(scalar))
        }
    }

    private mutating func escapedScalar(
        _ scalar: Unicode.Scalar
    ) throws(PatternError) -> Unicode.Scalar {
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "v": return "\u{0B}"
        case "f": return "\u{0C}"
        case "0": return "\0"
        case "c":
            guard let letter = take(), letter.properties.isAlphabetic, letter.isASCII else {
                throw .malformed
            }
            return Unicode.Scalar(UInt8(letter.value & 0x1F))
        case "x": return try hexadecimal(digits: 2)
        case "u":
            if skip("{") {
                guard let end = text[position...].firstIndex(of: "}") else { throw .malformed }
                let code = try hexadecimal(digits: end - position)
                position = end + 1
                return code
            }
            return try codeUnits()
        default:
            // A letter without a meaning may get one in a later standard.
            guard !ScalarSet.word.contains(scalar) || scalar == "_" else { throw .malformed }
            return scalar
        }
    }

    /// Reads a scalar that is written as one or two UTF-16 code units.
    private mutating func codeUnits() throws(PatternError) -> Unicode.Scalar {
        let first = try code(digits: 4)
        guard (0xD800...0xDFFF).contains(first) else {
            return Unicode.Scalar(first) ?? "\0"
        }
        if first < 0xDC00, skip("\\u") {
            let second = try code(digits: 4)
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw .unsupported("half of a surrogate pair")
    }

    private mutating func hexadecimal(digits: Int) throws(PatternError) -> Unicode.Scalar {
        let code = try code(digits: digits)
        guard let scalar = Unicode.Scalar(code) else { throw .malformed }
        return scalar
    }

    private mutating func code(digits: Int) throws(PatternError) -> UInt32 {
        guard (1...8).contains(digits), text.count - position >= digits else { throw .malformed }
        var code: UInt32 = 0
        for scalar in text[position..<position + digits] {
            guard let digit = Character(scalar).hexDigitValue else { throw .malformed }
            code = code &* 16 &+ UInt32(digit)
        }
        position += digits
        return code
    }

    private mutating func characterClass() throws(PatternError) -> ScalarSet {
        let isInverted = skip("^")
        var set = ScalarSet()
        while true {
            guard let first = take() else { throw .malformed }
            if first == "]" { break }
            guard let low = try bound(first, &set) else { continue }
            let start = position
            guard skip("-"), let second = take(), second != "]" else {
                position = start
                set.insert(low.value...low.value)
                continue
            }
            guard let high = try bound(second, &set) else {
                // In `[a-\d]`, for example, the hyphen stands for itself.
                set.insert(low.value...low.value)
                set.insert(0x2D...0x2D)
                continue
            }
            guard low <= high else { throw .malformed }
            set.insert(low.value...high.value)
        }
        return isInverted ? set.inverted : set
    }

    /// - Returns: The scalar, or nil if it is a whole class, which is then added to the set.
    private mutating func bound(
        _ scalar: Unicode.Scalar, _ set: inout ScalarSet
    ) throws(PatternError) -> Unicode.Scalar? {
        guard scalar == "\\" else { return scalar }
        guard let escaped = next else { throw .malformed }
        if escaped == "b" {
            position += 1
            return "\u{08}"
        }
        if "dDwWsSpP".unicodeScalars.contains(escaped) {
            set.formUnion(try escapedSet())
            return nil
        }
        position += 1
        return try escapedScalar(escaped)
    }
}
