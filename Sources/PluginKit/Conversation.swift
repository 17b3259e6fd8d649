/// One turn of a conversation with a language model.
public struct Message: Equatable, Sendable {
    public var role: Role
    public var content: String

    /// The tool calls that an assistant's message requests.
    public var toolCalls: [ToolCall]

    /// The call that a tool's message answers; empty in other messages.
    public var toolCallID: String

    /// The thoughts of the model before its answer, in an assistant's message.
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

/// The thoughts of a model before its answer. They are never part of the answer.
public struct Reasoning: Equatable, Sendable {
    /// The thoughts as text for people.
    public var text: String

    /// JSON by which the model's server recognizes its thoughts; empty if it does not need any. The
    /// host keeps it with the message and hands it to the plugin that answers next, whichever that
    /// is.
    public var details: String

    public init(text: String = "", details: String = "") {
        self.text = text
        self.details = details
    }
}

/// The role of the speaker. There may be other roles than those named here.
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
