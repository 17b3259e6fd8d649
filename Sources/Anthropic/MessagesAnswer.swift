package import JSON
internal import ModelServers
package import PluginKit

/// A model's answer, whole or as far as it has come.
package struct MessagesAnswer: Sendable {
    /// How an answer that has to fit a schema is given, if this one has to.
    private let answerTool: AnswerTool?

    private var blocks: [Block] = []
    private var usage: [String: Int] = [:]
    private var stopReason = ""

    /// Whether nothing more is to come.
    package private(set) var isDone = false

    /// Whether nothing is missing that matters.
    package var isComplete: Bool { isDone || !stopReason.isEmpty }

    /// A part of the answer.
    private struct Block: Sendable {
        enum Kind {
            case text, toolUse
            /// Never part of the text.
            case thinking
            /// Handed back as it came, or not known here.
            case other
        }

        let index: Int
        let kind: Kind

        /// As it began.
        let beginning: Value

        /// What it says: of a tool call the input's JSON, of a thought the thought.
        var text = ""

        /// By which the server knows a thought again.
        var signature = ""

        var name: String { beginning["name"]?.string ?? "" }
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
        var block: Block
        switch value["type"]?.string {
        case "text":
            block = Block(index: index, kind: .text, beginning: value)
            block.text = value["text"]?.string ?? ""
        case "thinking":
            block = Block(index: index, kind: .thinking, beginning: value)
            block.text = value["thinking"]?.string ?? ""
            block.signature = value["signature"]?.string ?? ""
        case "tool_use":
            block = Block(index: index, kind: .toolUse, beginning: value)
            guard !block.name.isEmpty else { throw Malformed("a tool call without a name") }
            // In a stream the input is empty at first, and its JSON follows.
            let input = value["input"]?.object ?? [:]
            if !input.isEmpty { block.text = Value.object(input).description }
        default: block = Block(index: index, kind: .other, beginning: value)
        }
        blocks.append(block)
        return block.kind == .text && answerTool == nil ? block.text : ""
    }

    private mutating func add(_ delta: Value, at index: Int) throws -> String {
        guard let place = blocks.lastIndex(where: { $0.index == index }) else {
            throw Malformed("a piece of a block that has not begun")
        }
        switch (delta["type"]?.string, blocks[place].kind) {
        case ("text_delta", .text):
            let piece = delta["text"]?.string ?? ""
            blocks[place].text += piece
            return answerTool == nil ? piece : ""
        case ("input_json_delta", .toolUse):
            blocks[place].text += delta["partial_json"]?.string ?? ""
        case ("thinking_delta", .thinking):
            blocks[place].text += delta["thinking"]?.string ?? ""
        case ("signature_delta", .thinking):
            blocks[place].signature += delta["signature"]?.string ?? ""
        // Citations, and what is new.
        default: break
        }
        return ""
    }

    /// The whole text. Where it has to fit a schema that is the input of the answer's tool, if
    /// the model has called that.
    package var text: String {
        if let answerTool, let call = blocks.first(where: isAnswer) {
            return answerTool.answer(in: call.text.isEmpty ? "{}" : call.text)
        }
        return text(of: .text)
    }

    /// What was not handed on at once.
    package var unsentText: String { answerTool == nil ? "" : text }

    package var toolCalls: [ToolCall] {
        blocks.filter { $0.kind == .toolUse && !isAnswer($0) }.map { block in
            ToolCall(
                id: block.beginning["id"]?.string ?? "", name: block.name,
                arguments: block.text.isEmpty ? "{}" : block.text)
        }
    }

    private func isAnswer(_ block: Block) -> Bool {
        answerTool != nil && block.kind == .toolUse && block.name == AnswerTool.name
    }

    package var reasoning: String { text(of: .thinking) }

    private func text(of kind: Block.Kind) -> String {
        blocks.filter { $0.kind == kind }.map(\.text).joined()
    }

    /// The blocks of thought as the server wants them back.
    package var thoughts: [Value] {
        blocks.compactMap { block in
            switch block.kind {
            case .thinking:
                [
                    "type": "thinking", "thinking": .string(block.text),
                    "signature": .string(block.signature),
                ]
            case .other where block.beginning["type"] == "redacted_thinking": block.beginning
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
