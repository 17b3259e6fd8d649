package import JSON
package import ModelServers
package import PluginKit

/// A model's answer, complete or as far as it has come.
package struct ChatAnswer: StreamedAnswer, Sendable {
    package private(set) var text = ""

    /// The end of the text that has not been returned yet.
    private var unsent = ""

    private var thoughts: ChatReasoning
    private var splitter = ThoughtSplitter()
    private var calls: ToolCallAssembly
    private var finishReason = ""
    private var refused = false
    private var usage: [String: Int] = [:]
    private var isMarkedDone = false

    /// - Parameters:
    ///   - names: The names of the tools that the model can call.
    ///   - origin: The scheme, host and port of the server, to which its thoughts go back.
    package init(names: ToolNames = ToolNames(), origin: String = "") {
        calls = ToolCallAssembly(names)
        thoughts = ChatReasoning(server: origin)
    }

    /// Reads a complete answer.
    ///
    /// - Throws: ``ServerError``, ``Malformed``.
    package init(_ value: Value, names: ToolNames = ToolNames(), origin: String = "") throws {
        self.init(names: names, origin: origin)
        let value = value.array?.first ?? value
        _ = try receive(value)
        guard value["choices"]?.array?.isEmpty == false else {
            throw Malformed("an answer without 'choices'")
        }
        _ = finish()
    }

    // MARK: Reading

    package var isDone: Bool { isMarkedDone }

    package var isComplete: Bool {
        if !finishReason.isEmpty { return true }
        // If a server leaves out the reason, there has to be some content, and all of it.
        return isMarkedDone && !isEmpty && !calls.isOpen
    }

    private var isEmpty: Bool { text.isEmpty && calls.isEmpty && thoughts.text.isEmpty }

    package mutating func finish() -> String {
        isMarkedDone = true
        take(splitter.finish())
        return takeUnsent()
    }

    /// Reads the JSON of an event, or of a whole answer.
    ///
    /// - Returns: The text that it adds.
    /// - Throws: ``ServerError``, ``Malformed``.
    package mutating func receive(_ value: Value) throws -> String {
        let value = value.array?.first ?? value
        if let error = ServerError(in: value) { throw error }
        guard value.object != nil else { throw Malformed("\(value.kind) instead of an object") }
        if let usage = value["usage"], usage.object != nil { self.usage = usage.counts }
        // The event with the usage has no choices. Of several choices, the first counts.
        guard
            let choice = value["choices"]?.array?.first(where: { ($0["index"]?.int ?? 0) == 0 })
        else { return "" }
        if let delta = choice["delta"], delta != .null {
            read(message: delta) { $0.receive($1) }
        } else if let message = choice["message"], message != .null {
            // At the end of a stream, this repeats all that has come.
            if isEmpty { read(message: message) { $0.receive(whole: $1) } }
        } else {
            say(choice["text"]?.string ?? "")
        }
        if let error = choice["error"], error != .null { throw ServerError(["error": error]) }
        if let reason = choice["finish_reason"]?.string, !reason.isEmpty {
            finishReason = reason
            if reason == "error" {
                throw ServerError(text: choice["native_finish_reason"]?.string ?? "")
            }
            take(splitter.finish())
        }
        return takeUnsent()
    }

    private mutating func read(
        message: Value, _ receive: (inout ToolCallAssembly, Value) -> Void
    ) {
        readThoughts(of: message)
        if let call = message["tool_calls"], call.object != nil { receive(&calls, call) }
        for call in message["tool_calls"]?.array ?? [] { receive(&calls, call) }
        // This is the form from the time before tools.
        if let call = message["function_call"], call.object != nil {
            receive(&calls, ["function": call])
        }
        read(content: message["content"])
        if let refusal = message["refusal"]?.string, !refusal.isEmpty {
            refused = true
            say(refusal)
        }
    }

    private mutating func readThoughts(of message: Value) {
        let details = message["reasoning_details"]?.array ?? []
        thoughts.receive(details: details)
        for field in [ChatReasoning.Field.reasoningContent, .reasoning] {
            guard let piece = message[field.rawValue]?.string, !piece.isEmpty else { continue }
            thoughts.field = field
            thoughts.text += piece
            // A server that has both repeats the same text.
            return
        }
        thoughts.text += ChatReasoning.text(of: details)
    }

    /// Reads a text, or a list of parts, some of which may be thoughts.
    private mutating func read(content: Value?) {
        guard let parts = content?.array else { return say(content?.string ?? "") }
        for part in parts {
            switch part["type"]?.string {
            case "thinking", "reasoning":
                let inner = part["thinking"] ?? part["text"] ?? .null
                thoughts.text += inner.string ?? inner.array?.map(\.plain).joined() ?? ""
            default: say(part.plain)
            }
        }
    }

    private mutating func say(_ piece: String) { take(splitter.receive(piece)) }

    private mutating func takeUnsent() -> String {
        defer { unsent = "" }
        return unsent
    }

    private mutating func take(_ parts: ThoughtSplitter.Parts) {
        text += parts.text
        unsent += parts.text
        thoughts.text += parts.thoughts
        if !parts.thoughts.isEmpty, splitter.hasFound { thoughts.field = .think }
    }

    // MARK: What it comes to

    /// The model's thoughts before it answered, which are never part of the text.
    package var reasoning: String { thoughts.text }

    /// - Throws: ``Malformed`` for a tool call that cannot be made.
    package func toolCalls() throws -> [ToolCall] {
        try calls.complete(isCut: isCut).map(\.call)
    }

    /// - Throws: The same errors as ``toolCalls()``.
    package func summary() throws -> GenerateSummary {
        var usage = usage
        let sum = (usage["prompt_tokens"] ?? 0) + (usage["completion_tokens"] ?? 0)
        if !usage.isEmpty { usage["total_tokens"] = usage["total_tokens"] ?? sum }
        let calls = try calls.complete(isCut: isCut)
        var thoughts = thoughts
        for (call, extra) in calls {
            if let extra { thoughts.extras.append((call.id, extra)) }
        }
        return GenerateSummary(
            tokensUsed: usage["total_tokens"] ?? 0, usage: usage,
            finishReason: reason(hasCalls: !calls.isEmpty), reasoning: thoughts.message)
    }

    /// True if the limit of tokens has ended the answer.
    private var isCut: Bool {
        ["length", "max_tokens", "max_output_tokens"].contains(finishReason.lowercased())
    }

    private func reason(hasCalls: Bool) -> String {
        if refused { return "content_filter" }
        if isCut { return "length" }
        switch finishReason.lowercased() {
        case "function_call": return "tool_calls"
        // Some servers give these reasons whatever the model did.
        case "", "stop", "end_turn", "stop_sequence": return hasCalls ? "tool_calls" : "stop"
        default: return finishReason
        }
    }
}

extension Value {
    /// The text of a part of a message.
    fileprivate var plain: String { string ?? self["text"]?.string ?? "" }
}
