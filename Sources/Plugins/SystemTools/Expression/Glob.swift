/// A pattern of file names: `*`, `?`, `[…]`, `**` for any number of directories, `{a,b}`.
struct Glob: Sendable {
    private var expression: Expression

    /// Whether it is about paths, and not about names only.
    private let hasSlash: Bool

    init(_ pattern: String) throws(ExpressionError) {
        hasSlash = pattern.contains("/")
        expression = try Expression("^(?:\(Self.translated(pattern)))$")
    }

    /// - Parameter path: Relative to where the search begins.
    mutating func matches(path: String) -> Bool {
        let text =
            hasSlash
            ? path
            : String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
        // A path is short, so nobody asks it to stop.
        return (try? expression.isFound(in: text)) == true
    }

    private static func translated(_ pattern: String) -> String {
        var rest = Array(pattern.unicodeScalars)[...]
        if rest.first == "/" { rest.removeFirst() }
        var braces = 0
        var text = ""
        func take(_ expected: String) -> Bool {
            guard rest.starts(with: expected.unicodeScalars) else { return false }
            rest.removeFirst(expected.unicodeScalars.count)
            return true
        }
        while !rest.isEmpty {
            if take("**/") {
                text += "(?:.*/)?"
            } else if take("**") {
                text += ".*"
            } else if take("*") {
                text += "[^/]*"
            } else if take("?") {
                text += "[^/]"
            } else if take("{") {
                braces += 1
                text += "(?:"
            } else if braces > 0, take("}") {
                braces -= 1
                text += ")"
            } else if braces > 0, take(",") {
                text += "|"
            } else if rest.first == "[", let end = rest.dropFirst(2).firstIndex(of: "]") {
                let inside = rest[(rest.startIndex + 1)..<end]
                let isInverted = inside.first == "!" || inside.first == "^"
                text += "[" + (isInverted ? "^/" : "")
                for scalar in inside.dropFirst(isInverted ? 1 : 0) {
                    text += quoted(scalar, "\\[^")
                }
                text += "]"
                rest = rest[(end + 1)...]
            } else {
                if rest.count > 1 { _ = take("\\") }
                text += quoted(rest.removeFirst(), "\\.^$|()[]{}*+?")
            }
        }
        return text + String(repeating: ")", count: braces)
    }

    private static func quoted(_ scalar: Unicode.Scalar, _ special: String) -> String {
        special.unicodeScalars.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
    }
}
