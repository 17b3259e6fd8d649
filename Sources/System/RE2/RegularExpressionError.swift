/// A reason why RE2 does not take a pattern.
package struct RegularExpressionError: Error, Equatable, CustomStringConvertible {
    /// The problem, without the part of the pattern that has it.
    package let problem: String

    /// The part of the pattern that has the problem; empty if that is all of it.
    package let part: String

    /// - Parameter text: The problem as RE2 says it: mostly with a colon and the part at its end.
    init(text: String, part: String) {
        problem =
            !part.isEmpty && text.hasSuffix(": \(part)")
            ? String(text.dropLast(part.count + 2)) : text
        self.part = part
    }

    package var description: String { part.isEmpty ? problem : "\(problem): '\(part)'" }
}
