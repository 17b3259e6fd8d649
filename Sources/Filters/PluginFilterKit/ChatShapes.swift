package import ChatModel
package import FilterKit
package import JSON
package import PluginHost

extension ChatMessage {
    /// Reads a message of OpenAI's chat completions.
    ///
    /// - Parameter place: Its name in errors: "message 2".
    package init(_ value: Value, _ place: String) throws(RecordError) {
        guard let role = value["role"]?.string, !role.isEmpty else {
            throw RecordError("invalid_messages", "\(place) has no 'role'")
        }
        self.init(
            // The newer name of the same role.
            role: role == "developer" ? .system : Role(rawValue: role),
            content: try Self.text(value["content"], place))
        toolCallID = value["tool_call_id"]?.string ?? ""
        if role == "assistant" { reasoning = Reasoning(value) }
        switch value["tool_calls"] {
        case .array(let calls)?:
            for (index, call) in calls.enumerated() {
                toolCalls.append(try ToolCall(call, "tool call \(index + 1) of \(place)"))
            }
        case nil, .null?: break
        case let other?:
            throw RecordError(
                "invalid_messages", "'tool_calls' of \(place) is \(other.kind), not an array")
        }
    }

    private static func text(_ content: Value?, _ place: String) throws(RecordError) -> String {
        switch content {
        case .string(let text)?: return text
        case nil, .null?: return ""
        case .array(let parts)?:
            var texts: [String] = []
            for part in parts where !part.isThought {
                guard let text = part.string ?? part["text"]?.string else {
                    let type = part["type"]?.string ?? part.kind
                    throw RecordError(
                        "invalid_messages", "\(place) has a part of type '\(type)', expected text")
                }
                texts.append(text)
            }
            return texts.joined(separator: "\n")
        case let other?:
            throw RecordError(
                "invalid_messages",
                "'content' of \(place) is \(other.kind), not a string or an array of parts")
        }
    }
}

extension Reasoning {
    /// Reads the thoughts that come with an assistant's message, by their usual names.
    fileprivate init(_ message: Value) {
        let names = ["reasoning", "reasoning_content"]
        self.init(
            text: names.lazy.compactMap { message[$0]?.string }.first { !$0.isEmpty } ?? "")
        let blocks = (message["content"]?.array ?? []).filter(\.isThought)
        if let details = message["reasoning_details"], details != .null {
            self.details = details.description
        } else if !blocks.isEmpty {
            details = Value.array(blocks).description
        }
        if text.isEmpty { text = blocks.map { $0["thinking"]?.string ?? "" }.joined() }
    }
}

extension Value {
    /// True for a part of a message that holds the thoughts of Anthropic's models.
    fileprivate var isThought: Bool {
        ["thinking", "redacted_thinking"].contains(self["type"]?.string)
    }
}

extension ToolCall {
    fileprivate init(_ value: Value, _ place: String) throws(RecordError) {
        guard let name = value["function"]?["name"]?.string else {
            throw RecordError("invalid_messages", "\(place) has no 'function.name'")
        }
        let arguments: String
        switch value["function"]?["arguments"] {
        case .string(let text)?: arguments = text
        case nil, .null?: arguments = "{}"
        // Some servers do not encode the arguments as a string.
        case let other?: arguments = "\(other)"
        }
        self.init(id: value["id"]?.string ?? "", name: name, arguments: arguments)
    }
}

extension ToolDefinition {
    /// Reads a tool in the format of OpenAI or MCP.
    ///
    /// - Parameter place: Its name in errors: "tool 2".
    package init(_ value: Value, _ place: String) throws(RecordError) {
        // OpenAI's chat completions nest it one level deeper than their responses do.
        let function = value["function"] ?? value
        guard let name = function["name"]?.string, !name.isEmpty else {
            throw RecordError("invalid_tools", "\(place) has no 'name'")
        }
        let schema = function["parameters"] ?? function["inputSchema"] ?? function["input_schema"]
        switch schema {
        case .object?, nil: break
        case let other?:
            throw RecordError(
                "invalid_tools", "the parameters of tool '\(name)' are \(other.kind), not an object"
            )
        }
        self.init(
            name: name, description: function["description"]?.string ?? "",
            parameters: (schema ?? ["type": "object", "properties": [:]]).description)
    }

    /// Reads several tools: an array, or an object with an array `tools`, as MCP lists them.
    package static func list(_ value: Value) throws(RecordError) -> [ToolDefinition] {
        let elements: [Value]
        switch value["tools"] ?? value {
        case .array(let array): elements = array
        case .null: elements = []
        case let other:
            throw RecordError("invalid_tools", "the tools are \(other.kind), not an array")
        }
        var tools: [ToolDefinition] = []
        for (index, element) in elements.enumerated() {
            tools.append(try ToolDefinition(element, "tool \(index + 1)"))
        }
        return tools
    }
}

extension LLM.Answer {
    /// The answer in the form of an assistant's message in OpenAI's chat completions.
    package var message: [UInt8] {
        var json = Array(#"{"role":"assistant","content":"#.utf8)
        if text.isEmpty, !toolCalls.isEmpty {
            json += "null".utf8
        } else {
            json.appendJSON(string: text)
        }
        if !reasoning.text.isEmpty {
            json += #","reasoning":"#.utf8
            json.appendJSON(string: reasoning.text)
        }
        // The text that a plugin calls JSON may not be JSON.
        if let details = try? Value(parsing: Array(reasoning.details.utf8)) {
            json += #","reasoning_details":"#.utf8
            json.appendJSON(value: details)
        }
        if !toolCalls.isEmpty {
            json += #","tool_calls":["#.utf8
            for (index, call) in toolCalls.enumerated() {
                json += (index == 0 ? "" : ",").utf8
                json += #"{"id":"#.utf8
                json.appendJSON(string: call.id)
                json += #","type":"function","function":{"name":"#.utf8
                json.appendJSON(string: call.name)
                json += #","arguments":"#.utf8
                json.appendJSON(string: call.arguments)
                json += "}}".utf8
            }
            json.append(UInt8(ascii: "]"))
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// True if the plugin has reported the usage of the answer: any answer uses tokens.
    package var reportsUsage: Bool { tokens > 0 || usage.values.contains { $0 != 0 } }

    /// The number of tokens that the answer took, under OpenAI's names; nil if the plugin has not
    /// reported it.
    package var usageJSON: [UInt8]? {
        guard reportsUsage else { return nil }
        var counts = usage
        if counts["total_tokens"] == nil { counts["total_tokens"] = tokens }
        let usual = ["prompt_tokens", "completion_tokens", "total_tokens"]
        let others = counts.keys.filter { !usual.contains($0) }.sorted()
        var json: [UInt8] = [UInt8(ascii: "{")]
        for name in usual + others {
            guard let count = counts[name] else { continue }
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json.appendJSON(string: name)
            json.append(UInt8(ascii: ":"))
            json.appendJSON(int: count)
        }
        json.append(UInt8(ascii: "}"))
        return json
    }
}
