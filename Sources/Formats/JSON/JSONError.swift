/// An error in bytes that are not JSON, or not the expected JSON.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The position in the text, in bytes, counted from 0 as `grep -b` does.
    package let offset: Int
    package let problem: String

    package init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    package var description: String { "\(problem) at byte \(offset)" }
}
