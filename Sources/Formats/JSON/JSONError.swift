/// Bytes that are not JSON, or not the JSON that was asked for.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Where in the text, in bytes, counted from 0 as `grep -b` does.
    package let offset: Int
    package let problem: String

    package init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    package var description: String { "\(problem) at byte \(offset)" }
}
