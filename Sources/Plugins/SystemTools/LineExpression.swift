import RE2

/// A regular expression to find in lines, in time that grows only with their length.
struct LineExpression: Sendable {
    private let expression: RegularExpression

    /// Finds a newline and a line after it that matches, if no match begins elsewhere.
    private let afterNewline: RegularExpression?

    /// The longest line that is looked at as a whole, in bytes.
    ///
    /// A search cannot be interrupted, so it gets less text at once where each byte may cost much.
    let longestLine: Int

    /// The most steps that a search at once may take, which is about a second.
    private static let mostSteps = 100_000_000

    /// A larger expression may take too long even for one line.
    private static let largest = 20_000

    init(_ text: String, ignoresCase: Bool = false) throws(LineExpressionError) {
        let syntax = LineSyntax(text)
        do throws(RegularExpressionError) {
            expression = try RegularExpression(
                syntax.pattern, ignoresCase: ignoresCase, neverMatchesNewline: true)
            if let pattern = syntax.patternAfterNewline {
                afterNewline = try RegularExpression(pattern, ignoresCase: ignoresCase)
            } else {
                afterNewline = nil
            }
        } catch {
            throw LineExpressionError(error, in: syntax.pattern)
        }
        guard expression.size <= Self.largest else {
            throw LineExpressionError("its repetitions make it too large")
        }
        longestLine = min(1 << 20, max(16 * 1024, Self.mostSteps / max(expression.size, 1)))
    }

    /// Returns the first line with a match, at or after the beginning of a line.
    ///
    /// - Parameter text: Lines, the last without its newline.
    /// - Returns: The line without its newline and the carriage return before that.
    func firstLine(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
        var start = start
        while let place = firstPlace(in: text, from: start) {
            var first = place
            while first > start, text[first - 1] != newline { first -= 1 }
            let end = self.end(ofLineAt: place, in: text)
            guard end > first, text[end - 1] == carriageReturn else { return first..<end }
            // The match may have needed the carriage return, as `a.` does in "a\r\n".
            let line = first..<end - 1
            if expression.matches(text.extracting(line)) { return line }
            guard end < text.count else { return nil }
            start = end + 1
        }
        return nil
    }

    /// Returns the beginning of the first match.
    private func firstPlace(in text: Span<UInt8>, from start: Int) -> Int? {
        guard let afterNewline else {
            return expression.firstMatch(in: text, from: start)?.lowerBound
        }
        // All lines but the first have a newline before them.
        var start = start - 1
        if start < 0 {
            start = end(ofLineAt: 0, in: text)
            if expression.matches(text.extracting(..<start)) { return 0 }
        }
        return afterNewline.firstMatch(in: text, from: start).map { $0.lowerBound + 1 }
    }

    private func end(ofLineAt place: Int, in text: Span<UInt8>) -> Int {
        var end = place
        while end < text.count, text[end] != newline { end += 1 }
        return end
    }
}

let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")

/// A reason why a text is not a regular expression, or not one that is supported.
struct LineExpressionError: Error, Equatable, CustomStringConvertible {
    let problem: String

    init(_ problem: String) { self.problem = problem }

    /// - Parameter pattern: As RE2 got it. What is wrong with all of it names no part.
    init(_ error: RegularExpressionError, in pattern: String) {
        switch error.part {
        case pattern: problem = error.problem
        case "(?=", "(?!", "(?<": problem = "looking ahead or behind is not supported"
        case let part where part.hasPrefix("\\") && part.dropFirst().first?.isNumber == true:
            problem = "references to groups are not supported: '\(part)'"
        default: problem = error.description
        }
    }

    var description: String { "the regular expression cannot be used: \(problem)" }
}
