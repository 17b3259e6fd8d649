package import JSON
internal import ModelServers
package import PluginKit

/// A model's answer, whole or as far as it has come.
package struct MessagesAnswer: Sendable {
    /// How an answer that has to fit a schema is given, if this one has to.
    private let answerTool: AnswerTool?

    private var blocks: [(index: Int, block: Block)] = []
    private var usage: [String: Int] = [:]
    private var stopReason = ""

    /// Whether nothing more is to come.
    package private(set) var isDone = false

    /// Whether nothing is missing that matters.
    package var isComplete: Bool { isDone || !stopReason.isEmpty }

    /// A part of the answer.
    private enum Block: Sendable {
        case text(String)
        /// The input is JSON.
        case toolUse(id: String, name: String, input: String)
        /// Never part of the text.
        case thinking(text: String, signature: String)
        /// Of a kind that is handed back as it came, or not known here.
        case other(Value)
    }

    package init(answerTool: AnswerTool? = nil) { self.answerTool = answerTool }

    /// Reads an answer that has come whole.
    ///
    /// - Throws: ``ServerError``, ``Malformed``.
    package init(_ value: Value, answerTool: AnswerTool? = nil) throws {
        self.answerTool = answerTool
        if value["type"] == "error" { throw ServerError(value) }
        guard let content = value["content"]?.array else {
            throw Malformed("an answer without 'content'")
        }
        for (index, block) in content.enumerated() { _ = try begin(block, at: index) }
        read(value)
        isDone = true
    }

    /// Reads an event of a stream.
    ///
    /// - Returns: The text that it adds and that can be handed on at once.
    /// - Throws: ``ServerError``, ``Malformed``.
    package mutating func receive(_ data: String) throws -> String {
        let event: Value
        do { event = try Value(parsing: Array(data.utf8)) } catch {
            throw Malformed("an event that is not JSON: \(error)")
        }
        switch event["type"]?.string {
        case "message_start": read(event["message"] ?? .null)
        case "content_block_start":
            return try begin(event["content_block"] ?? .null, at: event["index"]?.int ?? 0)
        case "content_block_delta":
            return try add(event["delta"] ?? .null, at: event["index"]?.int ?? 0)
        case "message_delta":
            read(event["delta"] ?? .null)
            read(event)
        case "message_stop": isDone = true
        case "error": throw ServerError(event)
        // Pings, ends of blocks, and what is new.
        default: break
        }
        return ""
    }

    private mutating func read(_ message: Value) {
        if let reason = message["stop_reason"]?.string { stopReason = reason }
        // Counts are of all so far.
        if let usage = message["usage"] { self.usage.merge(usage.counts) { $1 } }
    }

    private mutating func begin(_ value: Value, at index: Int) throws -> String {
        var block = Block.other(value)
        switch value["type"]?.string {
        case "text": block = .text(value["text"]?.string ?? "")
        case "thinking":
            block = .thinking(
                text: value["thinking"]?.string ?? "", signature: value["signature"]?.string ?? "")
        case "tool_use":
            guard let name = value["name"]?.string, !name.isEmpty else {
                throw Malformed("a tool call without a name")
            }
            // In a stream the input is empty at first, and its JSON follows.
            let input = value["input"]?.object ?? [:]
            block = .toolUse(
                id: value["id"]?.string ?? "", name: name,
                input: input.isEmpty ? "" : Value.object(input).description)
        default: break
        }
        blocks.append((index, block))
        if case .text(let text) = block, answerTool == nil { return text }
        return ""
    }

    private mutating func add(_ delta: Value, at index: Int) throws -> String {
        guard let place = blocks.lastIndex(where: { $0.index == index }) else {
            throw Malformed("a piece of a block that has not begun")
        }
        switch (delta["type"]?.string, blocks[place].block) {
        case ("text_delta", .text(let text)):
            let piece = delta["text"]?.string ?? ""
            blocks[place].block = .text(text + piece)
            return answerTool == nil ? piece : ""
        case ("input_json_delta", .toolUse(let id, let name, let input)):
            let piece = delta["partial_json"]?.string ?? ""
            blocks[place].block = .toolUse(id: id, name: name, input: input + piece)
            return ""
        case ("thinking_delta", .thinking(let text, let signature)):
            let piece = delta["thinking"]?.string ?? ""
            blocks[place].block = .thinking(text: text + piece, signature: signature)
        case ("signature_delta", .thinking(let text, let signature)):
            let piece = delta["signature"]?.string ?? ""
            blocks[place].block = .thinking(text: text, signature: signature + piece)
        default: break
        }
        return ""
    }

    /// The whole text. Where it has to fit a schema that is the input of the answer's tool, if
    /// the model has called that.
    package var text: String {
        if let answerTool {
            for case (_, .toolUse(_, AnswerTool.name, let input)) in blocks {
                return answerTool.answer(in: input.isEmpty ? "{}" : input)
            }
        }
        return blocks.map { if case .text(let text) = $0.block { text } else { "" } }.joined()
    }

    /// What was not handed on at once.
    package var unsentText: String { answerTool == nil ? "" : text }

    package var toolCalls: [ToolCall] {
        blocks.compactMap { _, block in
            guard case .toolUse(let id, let name, let input) = block,
                answerTool == nil || name != AnswerTool.name
            else { return nil }
            return ToolCall(id: id, name: name, arguments: input.isEmpty ? "{}" : input)
        }
    }

    package var reasoning: String {
        blocks.map { if case .thinking(let text, _) = $0.block { text } else { "" } }.joined()
    }

    /// The blocks of thought as the server wants them back.
    package var thoughts: [Value] {
        blocks.compactMap { _, block in
            switch block {
            case .thinking(let text, let signature):
                [
                    "type": "thinking", "thinking": .string(text),
                    "signature": .string(signature),
                ]
            case .other(let value) where value["type"] == "redacted_thinking": value
            default: nil
            }
        }
    }

    package var summary: GenerateSummary {
        // What the cache had is part of the prompt, too.
        let prompt =
            (usage["input_tokens"] ?? 0) + (usage["cache_read_input_tokens"] ?? 0)
            + (usage["cache_creation_input_tokens"] ?? 0)
        var counts = usage
        counts["input_tokens"] = nil
        counts["output_tokens"] = nil
        if !usage.isEmpty {
            counts["prompt_tokens"] = prompt
            counts["completion_tokens"] = usage["output_tokens"] ?? 0
            counts["total_tokens"] = prompt + (usage["output_tokens"] ?? 0)
        }
        return GenerateSummary(
            tokensUsed: counts["total_tokens"] ?? 0, usage: counts, finishReason: finishReason)
    }

    private var finishReason: String {
        switch stopReason {
        case "end_turn", "stop_sequence": "stop"
        case "max_tokens", "model_context_window_exceeded": "length"
        case "tool_use": toolCalls.isEmpty ? "stop" : "tool_calls"
        case "refusal": "content_filter"
        default: stopReason
        }
    }
}
