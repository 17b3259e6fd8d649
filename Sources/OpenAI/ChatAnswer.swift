package import JSON
internal import ModelServers
package import PluginKit

/// A model's answer, whole or as far as it has come.
package struct ChatAnswer: Sendable {
    package private(set) var text = ""

    /// What the model thought before it answered: never part of the text.
    package private(set) var reasoning = ""

    private var calls = ToolCallPieces()
    private var finishReason = ""
    private var refused = false
    private var usage: [String: Int] = [:]
    private var isMarkedDone = false

    package init() {}

    /// Reads an answer that has come whole.
    ///
    /// - Throws: ``ServerError``, ``Malformed``.
    package init(_ value: Value) throws {
        _ = try read(value)
        guard value["choices"]?.array?.isEmpty == false else {
            throw Malformed("an answer without 'choices'")
        }
        isMarkedDone = true
    }

    /// Reads an event of a stream.
    ///
    /// - Returns: The text that it adds.
    /// - Throws: ``ServerError``, ``Malformed``.
    package mutating func receive(_ data: String) throws -> String {
        if data == "[DONE]" {
            isMarkedDone = true
            return ""
        }
        let value: Value
        do { value = try Value(parsing: Array(data.utf8)) } catch {
            throw Malformed("an event that is not JSON: \(error)")
        }
        return try read(value)
    }

    /// Whether nothing more is to come.
    package var isDone: Bool { isMarkedDone }

    /// Whether nothing is missing that matters.
    package var isComplete: Bool { isMarkedDone || !finishReason.isEmpty }

    /// Whether something of it may have been handed on, or must not be asked for twice.
    private mutating func read(_ value: Value) throws -> String {
        if let error = value["error"], error != .null { throw ServerError(value) }
        if value["object"]?.string == "error" { throw ServerError(value) }
        guard value.object != nil else { throw Malformed("\(value.kind) instead of an object") }
        if let usage = value["usage"], usage.object != nil { self.usage = usage.counts }
        // The event with the usage has no choices. Of more than one choice the first counts.
        guard
            let choice = value["choices"]?.array?.first(where: { ($0["index"]?.int ?? 0) == 0 })
        else { return "" }
        if let reason = choice["finish_reason"]?.string, !reason.isEmpty { finishReason = reason }
        let message = choice["delta"] ?? choice["message"]
        for call in message?["tool_calls"]?.array ?? [] { calls.receive(call) }
        reasoning += message?["reasoning_content"]?.string ?? message?["reasoning"]?.string ?? ""
        var added = read(content: message?["content"])
        if let refusal = message?["refusal"]?.string, !refusal.isEmpty {
            refused = true
            added += refusal
        }
        if added.isEmpty, message == nil { added = choice["text"]?.string ?? "" }
        text += added
        return added
    }

    /// A text, or a list of parts, some of which may be thoughts.
    private mutating func read(content: Value?) -> String {
        guard let parts = content?.array else { return content?.string ?? "" }
        var text = ""
        for part in parts {
            switch part["type"]?.string {
            case "thinking": for part in part["thinking"]?.array ?? [] { reasoning += part.plain }
            default: text += part.plain
            }
        }
        return text
    }

    /// - Throws: ``Malformed`` for a tool call that cannot be called.
    package func toolCalls() throws -> [ToolCall] { try calls.complete() }

    package var summary: GenerateSummary {
        var usage = usage
        let sum = (usage["prompt_tokens"] ?? 0) + (usage["completion_tokens"] ?? 0)
        if !usage.isEmpty { usage["total_tokens"] = usage["total_tokens"] ?? sum }
        return GenerateSummary(
            tokensUsed: usage["total_tokens"] ?? 0, usage: usage, finishReason: reason)
    }

    private var reason: String {
        if refused { return "content_filter" }
        switch finishReason {
        case "function_call": return "tool_calls"
        // Some servers say so whatever the model did.
        case "", "stop": return calls.isEmpty ? "stop" : "tool_calls"
        default: return finishReason
        }
    }
}

extension Value {
    /// The text of a part of a message.
    fileprivate var plain: String { string ?? self["text"]?.string ?? "" }
}
