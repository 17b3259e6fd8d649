// What a plugin's author sees is public here, as in PluginKit, which exports this module.

/// One turn of a conversation with a language model.
public struct ChatMessage: Equatable, Sendable {
    public var role: Role
    public var content: String

    /// In an assistant's message, the calls that it asks for.
    public var toolCalls: [ToolCall]

    /// The call that a tool's message answers; empty in other messages.
    public var toolCallID: String

    /// In an assistant's message, the model's thoughts before it answered.
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
