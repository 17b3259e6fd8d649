package import ChatModel

// The chat's types as messages of protobuf and back, for hosts and plugins.

extension ChatMessage {
    package init(_ message: Hector_Plugin_Message) {
        self.init(
            role: Role(rawValue: message.role), content: message.content,
            toolCalls: message.toolCalls.map { ToolCall($0) }, toolCallID: message.toolCallID,
            reasoning: Reasoning(
                text: message.reasoning, details: message.reasoningDetailsJson))
    }
}

extension Hector_Plugin_Message {
    package init(_ message: ChatMessage) {
        self.init()
        role = message.role.rawValue
        content = message.content
        toolCalls = message.toolCalls.map { Hector_Plugin_ToolCall($0) }
        toolCallID = message.toolCallID
        reasoning = message.reasoning.text
        reasoningDetailsJson = message.reasoning.details
    }
}

extension ToolCall {
    package init(_ call: Hector_Plugin_ToolCall) {
        self.init(id: call.id, name: call.name, arguments: call.argumentsJson)
    }
}

extension Hector_Plugin_ToolCall {
    package init(_ call: ToolCall) {
        self.init()
        id = call.id
        name = call.name
        argumentsJson = call.arguments
    }
}

extension ToolDefinition {
    package init(_ tool: Hector_Plugin_ToolDefinition) {
        self.init(
            name: tool.name, description: tool.description_p, parameters: tool.parametersJson)
    }
}

extension Hector_Plugin_ToolDefinition {
    package init(_ tool: ToolDefinition) {
        self.init()
        name = tool.name
        description_p = tool.description
        parametersJson = tool.parameters
    }
}
