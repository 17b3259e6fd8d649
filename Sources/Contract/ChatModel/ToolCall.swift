/// A request of a model to call a function.
public struct ToolCall: Equatable, Sendable {
    /// The id chosen by the model, unique within its message.
    public var id: String

    public var name: String

    /// The arguments as a JSON object.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
