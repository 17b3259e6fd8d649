/// One turn of a conversation with a language model.
public struct Message: Equatable, Sendable {
    public var role: Role
    public var content: String

    /// What an assistant's message asks to have called.
    public var toolCalls: [ToolCall]

    /// In a tool's message, the call that it answers; else empty.
    public var toolCallID: String

    /// In an assistant's message, what the model thought before it answered.
    public var reasoning: Reasoning

    public init(
        role: Role, content: String, toolCalls: [ToolCall] = [], toolCallID: String = "",
        reasoning: Reasoning = Reasoning()
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.reasoning = reasoning
    }
}

/// A model's thoughts before it answers: never part of the answer.
public struct Reasoning: Equatable, Sendable {
    /// For people.
    public var text: String

    /// JSON with which the model's server knows its thoughts again; empty if it needs none. The
    /// host keeps it with the message and hands it back to whichever plugin answers next.
    public var details: String

    public init(text: String = "", details: String = "") {
        self.text = text
        self.details = details
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
