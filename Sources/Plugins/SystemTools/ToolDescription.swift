/// The description of a tool for a model and its user.
package struct ToolDescription: Equatable, Sendable {
    package let name: String

    /// The text for the model.
    package let text: String

    /// The JSON Schema of the arguments object.
    package let parameters: String

    /// The tool's claims about itself, by which the user decides when to be asked.
    package let isReadOnly, isDestructive, isIdempotent, isOpenWorld: Bool
}
