package import JSON
package import ModelServers
package import PluginKit

/// A model's answer, complete or as far as it has come.
package struct MessagesAnswer: StreamedAnswer, Sendable {
    /// The tool that carries an answer which has to match a schema; nil if this one does not have
    /// to.
    private let answerTool: AnswerTool?

    private let names: ToolNames

    /// The scheme, host and port of the server, to which its thoughts go back.
    private let origin: String

    private var splitter = ThoughtSplitter()
    private var inlineThoughts = ""

    private var blocks: [Block] = []
    private var usage: [String: Int] = [:]
    private var stopReason = ""

    /// True if no more is to come.
    package private(set) var isDone = false

    /// True if nothing important is missing.
    package var isComplete: Bool { !stopReason.isEmpty || isDone && !blocks.isEmpty }

    /// A part of the answer.
    private struct Block: Sendable {
        enum Kind {
            case text, toolUse
            /// A thought, which is never part of the text.
            case thinking
            /// A block that goes back as it came, or is unknown here.
            case other
        }

        let index: Int
        let kind: Kind

        /// The block as it began.
        let beginning: Value

        /// The content: the input's JSON of a tool call, or the text of a thought.
        var text = ""

        /// The input with which a tool call began; it counts if no pieces follow.
        var input = ""

        /// The signature by which the server recognizes a thought.
        var signature = ""

        var name: String { beginning["name"]?.string ?? "" }
    }

    package init(
        answerTool: AnswerTool? = nil, names: ToolNames = ToolNames(), origin: String = ""
    ) {
        self.answerTool = answerTool
        self.names = names
        self.origin = origin
    }

    /// Reads a complete answer.
    ///
    /// - Throws: ``ServerError``, ``Malformed``.
    package init(
        _ value: Value, answerTool: AnswerTool? = nil, names: ToolNames = ToolNames(),
        origin: String = ""
    ) throws {
        self.init(answerTool: answerTool, names: names, origin: origin)
        if let error = ServerError(in: value) { throw error }
        _ = try read(whole: value)
    }

    private mutating func read(whole value: Value) throws -> String {
        guard let content = value["content"]?.array else {
            throw Malformed("an answer without 'content'")
        }
        var text = ""
        for (index, block) in content.enumerated() { text += try begin(block, at: index) }
        read(value)
        return text + finish()
    }

    package mutating func finish() -> String {
        isDone = true
        return take(splitter.finish())
    }

    /// Reads the JSON of an event.
    ///
    /// - Returns: The text that it adds and that can be passed on at once.
    /// - Throws: ``ServerError``, ``Malformed``.
    package mutating func receive(_ event: Value) throws -> String {
        if let error = ServerError(in: event) { throw error }
        switch event["type"]?.string {
        case "message_start": read(event["message"] ?? .null)
        case "content_block_start":
            return try begin(event["content_block"] ?? .null, at: event["index"]?.int ?? 0)
        case "content_block_delta":
            return try add(event["delta"] ?? .null, at: event["index"]?.int ?? 0)
        case "message_delta":
            read(event["delta"] ?? .null)
            read(event)
        case "message_stop": return finish()
        case "message": return try read(whole: event)
        // These are pings, ends of blocks, and events that are unknown here.
        default: break
        }
        return ""
    }

    private mutating func read(_ message: Value) {
        if let reason = message["stop_reason"]?.string, !reason.isEmpty { stopReason = reason }
        // Counts are totals so far.
        if let usage = message["usage"] { self.usage.merge(usage.counts) { $1 } }
    }

    private mutating func begin(_ value: Value, at index: Int) throws -> String {
        var block: Block
        switch value["type"]?.string {
        case "text":
            block = Block(index: index, kind: .text, beginning: value)
        case "thinking":
            block = Block(index: index, kind: .thinking, beginning: value)
            block.text = value["thinking"]?.string ?? ""
            block.signature = value["signature"]?.string ?? ""
        case "tool_use":
            block = Block(index: index, kind: .toolUse, beginning: value)
            guard !block.name.isEmpty else { throw Malformed("a tool call without a name") }
            // In a stream the input is empty at first, and its JSON follows.
            let input = value["input"]?.object ?? [:]
            if !input.isEmpty { block.input = Value.object(input).description }
        default: block = Block(index: index, kind: .other, beginning: value)
        }
        blocks.append(block)
        return block.kind == .text ? take(splitter.receive(value["text"]?.string ?? "")) : ""
    }

    /// Adds text, and the thoughts within it.
    ///
    /// - Returns: The text that can be passed on at once.
    private mutating func take(_ parts: ThoughtSplitter.Parts) -> String {
        inlineThoughts += parts.thoughts
        if let place = blocks.lastIndex(where: { $0.kind == .text }) {
            blocks[place].text += parts.text
        }
        return answerTool == nil ? parts.text : ""
    }

    private mutating func add(_ delta: Value, at index: Int) throws -> String {
        guard let place = blocks.lastIndex(where: { $0.index == index }) else {
            throw Malformed("a piece of a block that has not begun")
        }
        switch (delta["type"]?.string, blocks[place].kind) {
        case ("text_delta", .text):
            return take(splitter.receive(delta["text"]?.string ?? ""))
        case ("input_json_delta", .toolUse):
            let piece = delta["partial_json"]
            blocks[place].text += piece?.string ?? piece?.object.map { "\(Value.object($0))" } ?? ""
        case ("thinking_delta", .thinking):
            blocks[place].text += delta["thinking"]?.string ?? ""
        case ("signature_delta", .thinking):
            blocks[place].signature += delta["signature"]?.string ?? ""
        // These are citations, and parts that are unknown here.
        default: break
        }
        return ""
    }

    /// The whole text. If it has to match a schema, it is the input of the answer's tool, provided
    /// that the model has called that.
    package var text: String {
        if let answerTool, let call = blocks.first(where: isAnswer) {
            return answerTool.answer(in: toolArguments(call.text.isEmpty ? call.input : call.text))
        }
        return text(of: .text)
    }

    /// The text that was not passed on at once.
    package var unsentText: String { answerTool == nil ? "" : text }

    package var toolCalls: [ToolCall] {
        let calls = blocks.filter { $0.kind == .toolUse && !isAnswer($0) }
        return calls.map { block in
            let isCut =
                finishReason(hasCalls: true) == "length" && block.index == blocks.last?.index
            return ToolCall(
                id: block.beginning["id"]?.string ?? "", name: names.own(block.name),
                arguments: toolArguments(
                    block.text.isEmpty ? block.input : block.text, isCut: isCut))
        }.withUniqueIDs
    }

    private func isAnswer(_ block: Block) -> Bool {
        answerTool != nil && block.kind == .toolUse && block.name == AnswerTool.name
    }

    package var reasoning: String { text(of: .thinking) + inlineThoughts }

    private func text(of kind: Block.Kind) -> String {
        blocks.filter { $0.kind == kind }.map(\.text).joined()
    }

    /// The blocks of thought in the form that the server wants back.
    package var thoughts: [Value] {
        blocks.compactMap { block in
            switch block.kind {
            case .thinking:
                // A thought that was cut off has no signature, and the server would refuse it.
                if block.signature.isEmpty, finishReason(hasCalls: false) == "length" { return nil }
                var value = block.beginning.object ?? [:]
                value.set("thinking", .string(block.text))
                if !block.signature.isEmpty { value.set("signature", .string(block.signature)) }
                return .object(value)
            case .other where block.beginning["type"] == "redacted_thinking":
                return block.beginning
            default: return nil
            }
        }
    }

    private var thinking: Reasoning {
        var thinking = MessagesReasoning()
        thinking.blocks = thoughts
        thinking.inlineText = inlineThoughts
        return thinking.message(text: reasoning, server: origin)
    }

    package var summary: GenerateSummary {
        // Tokens from the cache are part of the prompt, too.
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
            tokensUsed: counts["total_tokens"] ?? 0, usage: counts,
            finishReason: finishReason(hasCalls: !toolCalls.isEmpty), reasoning: thinking)
    }

    private func finishReason(hasCalls: Bool) -> String {
        switch stopReason {
        // Some servers give these reasons whatever the model did.
        case "", "end_turn", "stop_sequence", "tool_use", "stop": hasCalls ? "tool_calls" : "stop"
        case "max_tokens", "model_context_window_exceeded", "length": "length"
        case "refusal": "content_filter"
        default: stopReason
        }
    }
}
