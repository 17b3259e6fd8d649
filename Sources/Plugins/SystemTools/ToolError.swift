/// What a model is told of a call that cannot be made or did not work.
package struct ToolError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
