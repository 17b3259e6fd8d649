package import ChatModel
package import FilterKit
package import JSON

extension Record {
    /// Returns the calls of the last assistant's message that have no answer in a tool's message.
    ///
    /// The list is empty if the conversation has gone on without the answers.
    package func pendingCalls() throws(RecordError) -> [ToolCall] {
        let messages: [Value]
        switch value("messages") {
        case .array(let elements)?: messages = elements
        case nil, .null?: return []
        case let other?:
            throw RecordError(
                "invalid_messages", "member 'messages' is \(other.kind), not an array")
        }
        guard let last = messages.lastIndex(where: { $0["role"]?.string != "tool" }),
            messages[last]["role"]?.string == "assistant"
        else { return [] }
        // An id may occur twice, if the model is careless.
        var answers: [String: Int] = [:]
        for message in messages[(last + 1)...] {
            if let id = message["tool_call_id"]?.string { answers[id, default: 0] += 1 }
        }
        let place = "message \(last + 1)"
        let calls = try ChatMessage(messages[last], place).toolCalls
        var pending: [ToolCall] = []
        for (index, call) in calls.enumerated() {
            // Without an id, its result could not be matched with the call, and the call would run
            // again.
            if call.id.isEmpty {
                throw RecordError(
                    "invalid_messages", "tool call \(index + 1) of \(place) has no 'id'")
            }
            if let count = answers[call.id], count > 0 {
                answers[call.id] = count - 1
            } else {
                pending.append(call)
            }
        }
        return pending
    }
}
