/// The syntax of `grep_search` as RE2's: the ends of the text become the ends of each line, and
/// what models write for other programs is translated.
///
/// `$` lets a carriage return pass, as the end of a line may have one.
struct LineSyntax {
    /// The expression for lines that are searched together.
    let pattern: String

    /// The expression for a newline and the line after it, or nil if a match may begin elsewhere.
    ///
    /// RE2 jumps from newline to newline with it, and looks no further where a line begins wrongly.
    let patternAfterNewline: String?

    init(_ text: String) {
        var translation = Translation(text, omitsStart: false)
        pattern = "(?m)" + translation.translated()
        guard translation.isAnchored, !translation.mayCrossLines else {
            patternAfterNewline = nil
            return
        }
        translation = Translation(text, omitsStart: true)
        patternAfterNewline = "(?m)\\n(?:\(translation.translated()))"
    }
}

/// A walk through an expression from its beginning to its end.
private struct Translation {
    private var rest: Substring.UnicodeScalarView
    private var result = "".unicodeScalars

    /// True if `^` is to be left out where it begins the expression or one of its alternatives.
    private let omitsStart: Bool

    /// True if every alternative begins with `^`.
    private(set) var isAnchored = true

    /// True if a part of it may be a newline, unless an option of RE2 excludes it.
    private(set) var mayCrossLines = false

    private var depth = 0
    private var isAtStart = true

    private static let lineStart = "(?m:^)"
    private static let lineEnd = "(?:\\r?(?m:$))"

    init(_ text: String, omitsStart: Bool) {
        rest = text[...].unicodeScalars
        self.omitsStart = omitsStart
        mayCrossLines = rest.contains("\n")
    }

    mutating func translated() -> String {
        while !rest.isEmpty { translateNext() }
        if isAtStart { isAnchored = false }
        return String(result)
    }

    private mutating func take(_ expected: String) -> Bool {
        guard rest.starts(with: expected.unicodeScalars) else { return false }
        rest.removeFirst(expected.unicodeScalars.count)
        return true
    }

    private mutating func put(_ text: String) { result.append(contentsOf: text.unicodeScalars) }

    private mutating func translateNext() {
        // Flags do not begin anything.
        if rest.starts(with: "(?".unicodeScalars) { return translateGroup() }
        if isAtStart {
            isAtStart = false
            let isRepeated = rest.dropFirst().first.map("*+?{".unicodeScalars.contains) == true
            if !isRepeated, take("^") {
                if !omitsStart { put(Self.lineStart) }
                return
            }
            isAnchored = false
        }
        switch rest.first {
        case "\\": translateEscape()
        case "[": translateBracket()
        case "$":
            rest.removeFirst()
            put(Self.lineEnd)
        case let scalar?:
            rest.removeFirst()
            result.append(scalar)
            if scalar == "(" { depth += 1 }
            if scalar == ")" { depth -= 1 }
            if scalar == "|", depth == 0 { isAtStart = true }
        case nil: break
        }
    }

    private mutating func translateEscape() {
        let others = [
            ("\\<", "\\b"), ("\\>", "\\b"), ("\\A", Self.lineStart), ("\\z", Self.lineEnd),
            ("\\Z", Self.lineEnd), ("\\s", "[\\t\\f\\r ]"), ("\\D", "[^\\d\\n]"),
            ("\\W", "[^\\w\\n]"), ("\\C", "."),
        ]
        for (escape, other) in others where take(escape) { return put(other) }
        if take("\\Q") { return translateQuotation() }
        translateScalar()
    }

    /// Copies what stands before `\E` as it is.
    private mutating func translateQuotation() {
        put("\\Q")
        while !rest.isEmpty, !rest.starts(with: "\\E".unicodeScalars) {
            result.append(rest.removeFirst())
        }
        if take("\\E") { put("\\E") }
    }

    /// Translates an escape that may stand within brackets too.
    private mutating func translateScalar() {
        if take("\\e") {
            put("\\x1B")
        } else if take("\\u{") {
            put("\\x{")
            mayCrossLines = true
        } else if take("\\u") {
            let digits = rest.prefix(4).prefix(while: \.properties.isASCIIHexDigit)
            rest = rest[digits.endIndex...]
            put(digits.count == 4 ? "\\x{\(String(digits))}" : "\\u")
            mayCrossLines = true
        } else {
            // RE2 takes a backslash only before what may be special.
            let backslash = rest.removeFirst()
            guard let escaped = rest.popFirst() else { return result.append(backslash) }
            if escaped.isASCII, escaped != "_" { result.append(backslash) }
            result.append(escaped)
            if "nxpP01234567".unicodeScalars.contains(escaped) { mayCrossLines = true }
        }
    }

    private mutating func translateBracket() {
        result.append(rest.removeFirst())
        let isInverted = take("^")
        if isInverted { put("^\\n") }
        // What comes first is itself, also where a newline is before it.
        if take("]") { put("\\]") } else if take("-") { put("\\-") }
        let mightCrossLines = mayCrossLines
        while let scalar = rest.first, scalar != "]" {
            if take("\\b") {
                put("\\x08")
                mayCrossLines = true
            } else if scalar == "\\" {
                let escaped = rest.dropFirst().first
                // Some of these are a newline, and others may begin a range with one in it.
                if let escaped, "DWsaftrv".unicodeScalars.contains(escaped) { mayCrossLines = true }
                translateScalar()
            } else if take("[:") {
                put("[:")
                while !rest.isEmpty, !rest.starts(with: ":]".unicodeScalars) {
                    result.append(rest.removeFirst())
                }
                if take(":]") { put(":]") }
                mayCrossLines = true
            } else {
                if scalar < " " { mayCrossLines = true }
                result.append(rest.removeFirst())
            }
        }
        if isInverted { mayCrossLines = mightCrossLines }
        if take("]") { put("]") }
    }

    /// Reads `(?`, and leaves out the flags that say what the ends of lines are.
    private mutating func translateGroup() {
        rest = rest.dropFirst(2)
        let flags = rest.prefix { "imsuU-".unicodeScalars.contains($0) }
        let next = rest[flags.endIndex...].first
        depth += 1
        if !flags.isEmpty, next == ":" || next == ")" {
            rest = rest[flags.endIndex...]
            var kept = String(flags.filter { !"msu".unicodeScalars.contains($0) })
            if kept.last == "-" { kept.removeLast() }
            // A group of flags ends here; `(?)` is an error.
            if take(")") {
                depth -= 1
                return put(kept.isEmpty ? "" : "(?\(kept))")
            }
            put("(?\(kept)")
        } else if take("<") {
            put(rest.first == "=" || rest.first == "!" ? "(?<" : "(?P<")
        } else {
            put("(?")
        }
        if isAtStart { isAnchored = false }
        isAtStart = false
    }
}
