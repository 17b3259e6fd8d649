/// A text that is no regular expression, or one that takes more than can be had in linear time.
package struct ExpressionError: Error, Equatable, CustomStringConvertible {
    /// In Unicode scalars, counted from 1.
    package let position: Int
    package let problem: String

    package var description: String {
        "the regular expression cannot be used: \(problem) at character \(position)"
    }
}
