package import JSON
internal import ModelServers
package import PluginKit

extension ChatSettings {
    /// The body of a request.
    ///
    /// - Throws: What of the request is no JSON.
    package func body(
        _ request: GenerateRequest, model: String, dialect: Dialect, streams: Bool
    ) throws(CallError) -> Value {
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
        body.set("messages", .array(request.messages.map(Self.message)))
        if !request.tools.isEmpty {
            var tools: [Value] = []
            for tool in request.tools { tools.append(try Self.tool(tool)) }
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

    /// Options that are the request itself, that ask for what is not handed on, or that are for
    /// this plugin; the latter may be secret.
    private static let notParameters = Set(
        [
            "messages", "tools", "stream", "stream_options", "n", "parameters",
        ] + ServerSettings.names)

    /// Those of which even `5` is a text.
    private static let textParameters: Set = [
        "model", "prompt_cache_key", "reasoning_effort", "safety_identifier", "service_tier",
        "user", "verbosity",
    ]

    private static func message(_ message: Message) -> Value {
        var object: Members = ["role": .string(message.role.rawValue)]
        let hasNoText = message.content.isEmpty && !message.toolCalls.isEmpty
        object.append("content", hasNoText ? .null : .string(message.content))
        if !message.toolCalls.isEmpty {
            let calls = message.toolCalls.map { call -> Value in
                [
                    "id": .string(call.id), "type": "function",
                    "function": [
                        "name": .string(call.name),
                        "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments),
                    ],
                ]
            }
            object.append("tool_calls", .array(calls))
        }
        if message.role == .tool { object.append("tool_call_id", .string(message.toolCallID)) }
        return .object(object)
    }

    private static func tool(_ tool: ToolDefinition) throws(CallError) -> Value {
        var function: Members = ["name": .string(tool.name)]
        if !tool.description.isEmpty { function.append("description", .string(tool.description)) }
        function.append(
            "parameters", try Value(schema: tool.parameters, of: "the tool '\(tool.name)'"))
        return ["type": "function", "function": .object(function)]
    }

    private static func responseFormat(_ text: String) throws(CallError) -> Value {
        let schema = try Value(schema: text, of: "the answer")
        var format: Members = ["name": "answer", "schema": schema]
        // Otherwise the server would refuse it, not try its best.
        if schema.isStrictSchema { format.append("strict", true) }
        return ["type": "json_schema", "json_schema": .object(format)]
    }
}
