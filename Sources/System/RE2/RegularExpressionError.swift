/// The reason why RE2 rejects a pattern.
package struct RegularExpressionError: Error, Equatable, CustomStringConvertible {
    /// The problem, without the faulty part of the pattern.
    package let problem: String

    /// The faulty part of the pattern; empty if it is the whole pattern.
    package let part: String

    /// - Parameter text: The message of RE2, which mostly ends with a colon and the part.
    init(text: String, part: String) {
        problem =
            !part.isEmpty && text.hasSuffix(": \(part)")
            ? String(text.dropLast(part.count + 2)) : text
        self.part = part
    }

    package var description: String { part.isEmpty ? problem : "\(problem): '\(part)'" }
}
