/// The message for a model about a call that cannot be made or has failed.
package struct ToolError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
