/// The error for bytes that are not a bitmap in the portable form.
package struct BitmapError: Error, Equatable, CustomStringConvertible {
    package let problem: String

    package init(problem: String) { self.problem = problem }

    package var description: String { "a bitmap is damaged: \(problem)" }
}
