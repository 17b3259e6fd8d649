/// One turn of a conversation with a language model.
public struct Message: Equatable, Sendable {
    public var role: Role
    public var content: String

    /// What an assistant's message asks to have called.
    public var toolCalls: [ToolCall]

    /// In a tool's message, the call that it answers; else empty.
    public var toolCallID: String

    public init(
        role: Role, content: String, toolCalls: [ToolCall] = [], toolCallID: String = ""
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// Who speaks. There may be other roles than those that have a name here.
public struct Role: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let user = Role(rawValue: "user")
    public static let assistant = Role(rawValue: "assistant")
    public static let system = Role(rawValue: "system")
    public static let tool = Role(rawValue: "tool")
}

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
