internal import HTTP
package import JSON
package import ModelServers
package import PluginKit

extension ChatSettings {
    /// Returns the body of a request.
    ///
    /// - Throws: An error for a part of the request that is not JSON.
    package func body(
        _ request: GenerateRequest, model: String, dialect: Dialect, streams: Bool
    ) throws(CallError) -> Value {
        let names = Self.names(of: request)
        var body = parameters
        if let temperature { body.set("temperature", Value(double: temperature)) }
        if let maxTokens { body.set(dialect.limitName, .number("\(maxTokens)")) }
        for name in request.options.names where !Self.notParameters.contains(name) {
            let text = request.options[name] ?? ""
            let value = Value(option: text, isText: Self.textParameters.contains(name))
            let isLimit = Self.limits.contains(name)
            if isLimit { for limit in Self.limits { body.remove(limit) } }
            body.set(isLimit ? dialect.limitName : name, value)
        }
        if body["model"] == nil || body["model"]?.string == "" { body.set("model", .string(model)) }
        body.set("messages", .array(messages(of: request, names, dialect)))
        if let choice = body["tool_choice"]?["function"]?["name"]?.string {
            body.set(
                "tool_choice",
                ["type": "function", "function": ["name": .string(names.sent(choice))]])
        }
        if !request.tools.isEmpty {
            var tools: [Value] = []
            for tool in request.tools { tools.append(try Self.tool(tool, names)) }
            body.set("tools", .array(tools))
        }
        if !request.responseSchema.isEmpty {
            body.set("response_format", try Self.responseFormat(request.responseSchema))
        }
        if streams {
            body.set("stream", true)
            if dialect.asksForUsage { body.set("stream_options", ["include_usage": true]) }
        }
        return .object(body)
    }

    private static let limits = ["max_tokens", "max_completion_tokens"]

    /// The options that are the request itself, ask for output that is not passed on, or are for
    /// this plugin; the latter may be secret.
    private static let notParameters = Set(
        [
            "messages", "tools", "stream", "stream_options", "n", "parameters",
        ] + ServerSettings.names)

    /// The options whose value is a text even if it is `5`.
    private static let textParameters: Set = [
        "model", "prompt_cache_key", "reasoning_effort", "safety_identifier", "service_tier",
        "user", "verbosity",
    ]

    /// The most characters that the name of a tool may have.
    private static let longestName = 64

    /// Returns the names of a request's tools as servers know them.
    package static func names(of request: GenerateRequest) -> ToolNames {
        ToolNames(request, longest: longestName)
    }

    private func messages(
        of request: GenerateRequest, _ names: ToolNames, _ dialect: Dialect
    ) -> [Value] {
        let lastUser = request.messages.lastIndex { $0.role == .user } ?? -1
        return request.messages.enumerated().map { place, message in
            let isOfCalls = !message.toolCalls.isEmpty || place > lastUser
            var reasoning: ChatReasoning?
            switch dialect.returnsThoughts {
            case .ofCalls where isOfCalls, .all:
                reasoning = ChatReasoning(message.reasoning, for: server.base.origin)
            case .ofCalls, .none: break
            }
            // OpenAI refuses members that it does not know.
            if server.isOpenAI, reasoning?.server == nil { reasoning = nil }
            var value = Self.message(message, names, reasoning)
            if dialect.returnsThoughts == .all, message.role == .assistant,
                value["reasoning_content"] == nil
            {
                // The value is not empty, as some servers take an empty one for missing.
                value.append("reasoning_content", " ")
            }
            return .object(value)
        }
    }

    private static func message(
        _ message: Message, _ names: ToolNames, _ reasoning: ChatReasoning?
    ) -> Members {
        var object: Members = ["role": .string(message.role.rawValue)]
        var content = message.content
        if let reasoning, reasoning.field == .think {
            content = "<think>\(reasoning.text)</think>\n\n\(content)"
        }
        let hasNoText = content.isEmpty && !message.toolCalls.isEmpty
        object.append("content", hasNoText ? .null : .string(content))
        if let reasoning, let field = reasoning.field, field != .think {
            object.append(field.rawValue, .string(reasoning.text))
        }
        if let details = reasoning?.details, !details.isEmpty {
            object.append("reasoning_details", .array(details))
        }
        if !message.toolCalls.isEmpty {
            let calls = message.toolCalls.map { call -> Value in
                var value: Members = [
                    "id": .string(call.id), "type": "function",
                    "function": [
                        "name": .string(names.sent(call.name)),
                        "arguments": .string(call.sendableArguments),
                    ],
                ]
                if let extra = reasoning?.extras.first(where: { $0.id == call.id }) {
                    value.append("extra_content", extra.value)
                }
                return .object(value)
            }
            object.append("tool_calls", .array(calls))
        }
        if message.role == .tool { object.append("tool_call_id", .string(message.toolCallID)) }
        return object
    }

    private static func tool(
        _ tool: ToolDefinition, _ names: ToolNames
    ) throws(CallError) -> Value {
        var function: Members = ["name": .string(names.sent(tool.name))]
        if !tool.description.isEmpty { function.append("description", .string(tool.description)) }
        function.append(
            "parameters", try Value(schema: tool.parameters, of: "the tool '\(tool.name)'"))
        return ["type": "function", "function": .object(function)]
    }

    private static func responseFormat(_ text: String) throws(CallError) -> Value {
        let schema = try Value(schema: text, of: "the answer")
        var format: Members = ["name": "answer", "schema": schema]
        // For any other schema, the server would refuse a strict request instead of doing its best.
        if schema.isStrictSchema { format.append("strict", true) }
        return ["type": "json_schema", "json_schema": .object(format)]
    }
}
