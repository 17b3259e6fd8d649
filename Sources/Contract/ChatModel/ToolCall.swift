/// A function that a model asks to have called.
public struct ToolCall: Equatable, Sendable {
    /// Chosen by the model, unique within its message.
    public var id: String

    public var name: String

    /// A JSON object.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
