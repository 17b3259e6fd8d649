/// A tool as a model and its user are told of it.
package struct ToolDescription: Equatable, Sendable {
    package let name: String

    /// Written for the model.
    package let text: String

    /// A JSON Schema of the arguments object.
    package let parameters: String

    /// What it claims of itself, as the user decides by it what to be asked about.
    package let isReadOnly, isDestructive, isIdempotent, isOpenWorld: Bool
}
