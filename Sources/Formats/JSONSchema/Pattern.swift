import RE2

/// A regular expression of ECMA-262.
///
/// RE2 matches all patterns that its syntax can express. `PlaceSearch` matches the few others, with
/// lookahead, lookbehind, `\B`, properties that RE2 does not know, or more nested repetitions than
/// RE2 allows. Neither backtracks, because the schema of a tool may come from anywhere and must not
/// be able to block the program.
struct Pattern: Sendable {
    let text: String

    private let search: Result<Search, PatternError>

    private enum Search: Sendable {
        case re2(RegularExpression)
        case places(Expression)
    }

    /// The largest size of a pattern; `[a-z]{1,64}` has about 128.
    private static let largest = 20_000

    /// The memory limit in bytes, enough for a large pattern or a small one with large classes.
    private static let memory = 4 << 20

    /// - Parameter steps: The total size that is left for patterns. It is reduced by the size of
    ///   this pattern.
    /// - Throws: `.malformed` if the text is not a regular expression.
    init(_ text: String, steps: inout Int) throws(PatternError) {
        self.text = text
        do throws(PatternError) {
            var parser = PatternParser(text)
            let expression = try parser.parse()
            let size = expression.size
            guard size < min(steps, Self.largest) else { throw .tooLarge }
            steps -= size
            search = .success(Self.search(for: expression))
        } catch .malformed {
            throw .malformed
        } catch {
            search = .failure(error)
        }
    }

    private static func search(for expression: Expression) -> Search {
        let translated = expression.inRE2.flatMap { try? RegularExpression($0, memory: memory) }
        return translated.map(Search.re2) ?? .places(expression)
    }

    /// Returns true if the pattern is found anywhere in a text.
    ///
    /// - Parameter steps: The number of steps that are left. It is reduced by those of this search.
    /// - Throws: `.unsupported` and `.tooLarge` if the search is not possible.
    func matches(_ text: String, steps: inout Int) throws(PatternError) -> Bool {
        switch try search.get() {
        case .re2(let expression):
            // RE2 examines each byte once. If its cache is full, it examines each byte for each
            // place of the expression, many at a time.
            steps -= (text.utf8.count + 1) * (1 + expression.size / 64)
            guard steps > 0 else { throw .tooLarge }
            return expression.matches(text.utf8.span)
        case .places(let expression):
            var search = PlaceSearch(text, steps: steps)
            defer { steps = search.steps }
            return try search.finds(expression)
        }
    }
}

/// The reason why a pattern is invalid or cannot be used.
enum PatternError: Error, Equatable {
    /// The text is not a regular expression.
    case malformed

    /// The pattern is too large, or the search takes too many steps.
    case tooLarge

    /// The pattern cannot be matched by reading a text once, for example because of a reference to
    /// a group.
    case unsupported(String)
}

extension PatternError: CustomStringConvertible {
    var description: String {
        switch self {
        case .malformed: "is not a regular expression"
        case .tooLarge: "takes too long to search for"
        case .unsupported(let part): "has \(part), which is not supported"
        }
    }
}
