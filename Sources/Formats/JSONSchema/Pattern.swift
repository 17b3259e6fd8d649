import RE2

/// A regular expression as ECMA-262 has it, searched for in a text.
///
/// RE2 searches for it where its language is large enough, which is for all but a few patterns;
/// `PlaceSearch` does where one looks ahead or behind, says `\B`, names a property that RE2 does
/// not know, or repeats repetitions more often than RE2 allows. Neither backtracks: a tool's schema
/// may come from anywhere, and must not be able to stop us.
struct Pattern: Sendable {
    let text: String

    private let search: Result<Search, PatternError>

    private enum Search: Sendable {
        case re2(RegularExpression)
        case places(Expression)
    }

    /// The size of the largest; `[a-z]{1,64}` has about 128.
    private static let largest = 20_000

    /// In bytes: for a large pattern, or for a small one with classes of many characters.
    private static let memory = 4 << 20

    /// - Parameter steps: The size that patterns may still have together, less that of this one
    ///   afterwards.
    /// - Throws: `.malformed` if it is not a regular expression.
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
    /// - Parameter steps: The number that the search may take, less those it took afterwards.
    /// - Throws: `.unsupported` and `.tooLarge` if that cannot be found out.
    func matches(_ text: String, steps: inout Int) throws(PatternError) -> Bool {
        switch try search.get() {
        case .re2(let expression):
            // RE2 looks at each byte once, or where it does not remember enough, at each byte for
            // each place of the expression, many at a time.
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

/// A reason why a text is not a pattern, or cannot be used as one.
enum PatternError: Error, Equatable {
    /// It is not a regular expression.
    case malformed

    /// The pattern, or the search for it, takes too many steps.
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
