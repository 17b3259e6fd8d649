internal import HTTP
package import JSON
package import ModelServers
package import PluginKit

extension MessagesSettings {
    /// Returns the body of a request.
    ///
    /// - Throws: An error for a part of the request that is not JSON.
    package func body(
        _ request: GenerateRequest, answerTool: AnswerTool?, streams: Bool
    ) throws(CallError) -> Value {
        let names = Self.names(of: request, answerTool)
        var body = parameters
        if body["model"] == nil { body.set("model", .string(model)) }
        if body["max_tokens"] == nil { body.set("max_tokens", .number("\(maxTokens)")) }
        if let temperature { body.set("temperature", Value(double: temperature)) }
        for name in request.options.names {
            if let (name, value) = Self.parameter(name, request.options[name] ?? "") {
                body.set(name, value)
            }
        }
        let system = request.messages.filter { $0.role == .system }.map(\.content)
        if !system.isEmpty { body.set("system", .string(system.joined(separator: "\n\n"))) }
        if body.thinks, !knowsThoughts(of: request.messages) {
            // Without them, the server refuses to continue thinking.
            body.remove("thinking")
        }
        let isOff = body["thinking"]?["type"] == "disabled"
        let turns = request.messages.turns(names) { isOff ? nil : thoughts($0) }
        body.set("messages", .array(turns))
        if let choice = body["tool_choice"]?["name"]?.string {
            body.set("tool_choice", ["type": "tool", "name": .string(names.sent(choice))])
        }
        try setTools(request.tools, names, answerTool, in: &body)
        if streams { body.set("stream", true) }
        return .object(body)
    }

    /// The most characters that the name of a tool may have.
    private static let longestName = 128

    /// Returns the names of a request's tools as the server knows them.
    package static func names(
        of request: GenerateRequest, _ answerTool: AnswerTool?
    ) -> ToolNames {
        ToolNames(
            request, longest: longestName, reserved: answerTool == nil ? [] : [AnswerTool.name])
    }

    private func setTools(
        _ definitions: [ToolDefinition], _ names: ToolNames, _ answerTool: AnswerTool?,
        in body: inout Members
    ) throws(CallError) {
        var tools: [Value] = []
        for tool in definitions { tools.append(try Self.tool(tool, names)) }
        if let answerTool {
            tools.append(answerTool.definition)
            // A model that thinks cannot be forced to call a tool.
            if !body.thinks {
                body.set(
                    "tool_choice",
                    definitions.isEmpty
                        ? ["type": "tool", "name": .string(AnswerTool.name)] : ["type": "any"])
            }
        }
        if tools.isEmpty { body.remove("tool_choice") } else { body.set("tools", .array(tools)) }
    }

    private static func tool(
        _ tool: ToolDefinition, _ names: ToolNames
    ) throws(CallError) -> Value {
        var object: Members = ["name": .string(names.sent(tool.name))]
        if !tool.description.isEmpty { object.append("description", .string(tool.description)) }
        object.append(
            "input_schema", try Value(schema: tool.parameters, of: "the tool '\(tool.name)'"))
        return .object(object)
    }

    /// Returns an option of one call as the server knows it, which may be given by OpenAI's name;
    /// nil for an option that the server does not know.
    private static func parameter(_ name: String, _ text: String) -> (String, Value)? {
        let value = Value(option: text, isText: name == "model" || name == "service_tier")
        switch name {
        case "model": return text.isEmpty ? nil : (name, value)
        case "max_tokens", "max_completion_tokens": return ("max_tokens", value)
        case "stop", "stop_sequences":
            return ("stop_sequences", value.array == nil ? [.string(text)] : value)
        case "tool_choice": return toolChoice(value).map { (name, $0) }
        case "metadata", "output_config", "service_tier", "temperature", "thinking", "top_k",
            "top_p":
            return (name, value)
        default: return nil
        }
    }

    private static func toolChoice(_ value: Value) -> Value? {
        switch value {
        case "required": ["type": "any"]
        case .string(let type): ["type": .string(type)]
        case .object:
            if let name = value["function"]?["name"] {
                ["type": "tool", "name": name]
            } else {
                value
            }
        default: nil
        }
    }

    /// Returns true if the calls that still wait for results have their thoughts.
    private func knowsThoughts(of messages: [Message]) -> Bool {
        let open = messages.reversed().prefix { $0.role != .user }
        return open.allSatisfy { $0.toolCalls.isEmpty || thoughts($0)?.blocks.isEmpty == false }
    }

    private func thoughts(_ message: Message) -> MessagesReasoning? {
        MessagesReasoning(message.reasoning, for: server.base.origin)
    }
}

extension Members {
    /// True if the model is to think before it answers.
    fileprivate var thinks: Bool { self["thinking"].map { $0["type"] != "disabled" } ?? false }
}

extension [Message] {
    /// Returns the conversation without the system's part: alternating turns of user and assistant,
    /// where the results of tools belong to the user.
    fileprivate func turns(
        _ names: ToolNames, _ thoughts: (Message) -> MessagesReasoning?
    ) -> [Value] {
        var turns: [(role: String, blocks: [Value])] = []
        for message in self where message.role != .system {
            let role = message.role == .assistant ? "assistant" : "user"
            let blocks = message.blocks(names, thoughts(message))
            if blocks.isEmpty { continue }
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        return turns.map { role, blocks in
            // Results have to come first.
            let results = blocks.filter { $0["type"] == "tool_result" }
            let rest = blocks.filter { $0["type"] != "tool_result" }
            return ["role": .string(role), "content": .array(results + rest)]
        }
    }
}

extension Message {
    fileprivate func blocks(_ names: ToolNames, _ thoughts: MessagesReasoning?) -> [Value] {
        if role == .tool {
            return [
                [
                    "type": "tool_result", "tool_use_id": .string(sendable(id: toolCallID)),
                    "content": .string(content),
                ]
            ]
        }
        var blocks = thoughts?.blocks ?? []
        var text = content
        if let thoughts, !thoughts.inlineText.isEmpty {
            text = "<think>\(thoughts.inlineText)</think>\n\n\(content)"
        }
        // The server refuses empty texts.
        if !text.allSatisfy(\.isWhitespace) {
            blocks.append(["type": "text", "text": .string(text)])
        }
        for call in toolCalls {
            blocks.append([
                "type": "tool_use", "id": .string(sendable(id: call.id)),
                "name": .string(names.sent(call.name)), "input": call.argumentsObject,
            ])
        }
        return blocks
    }
}

/// Returns an id with the characters that the server accepts; ids of other servers have more.
private func sendable(id: String) -> String {
    String(
        id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_" })
}
