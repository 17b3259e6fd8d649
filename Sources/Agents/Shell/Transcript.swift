package import Agent
package import JSON

/// The events of a run so far.
package struct Transcript: Sendable {
    package let message: UserMessage

    /// The lines that hector(1) prints with --json.
    package private(set) var lines: [String] = []

    /// The passages that were found for the question.
    package private(set) var passages: [Value] = []

    /// The number of times that the model was asked.
    package var iterations: Int { turns.count }

    private var turns: [Turn] = []

    /// An answer of the model, with the results of its calls.
    private struct Turn {
        var text = ""
        var calls: [Value] = []
        var results: [Value] = []
    }

    /// The mark at the end of an answer that the user has stopped.
    package static let cutMark = "[cut: the user stopped the answer here]"

    package init(_ message: UserMessage) { self.message = message }

    /// - Parameter time: The time in the format of RFC 3339.
    package mutating func add(_ event: Event, run: String, time: String) {
        lines.append(String(decoding: event.json(run: run, time: time), as: UTF8.self))
        let members = event.members
        switch event.kind {
        case .context: passages = members["results"]?.array ?? []
        case .delta:
            change(members) { $0.text += members["text"]?.string ?? "" }
        case .toolCall:
            change(members) { turn in
                turn.calls.append([
                    "id": members["id"] ?? .null, "type": "function",
                    "function": [
                        "name": members["name"] ?? .null,
                        "arguments": members["arguments"] ?? .null,
                    ],
                ])
            }
        case .toolResult:
            change(members) { turn in
                var result: Members = [
                    "role": "tool", "tool_call_id": members["id"] ?? .null,
                    "name": members["name"] ?? .null, "content": members["content"] ?? .null,
                ]
                if let error = members["error"] { result.append("error", error) }
                turn.results.append(.object(result))
            }
        case .usage: change(members) { _ in }
        case .finished:
            // The last answer may not have had streamed text or usage.
            if turns.last?.results.isEmpty != true {
                turns.append(Turn(text: members["answer"]?.string ?? ""))
            }
        case .started, .toolProgress, .failed: break
        }
    }

    private mutating func change(_ members: Members, _ body: (inout Turn) -> Void) {
        let number = max(1, members["iteration"]?.int ?? 1)
        while turns.count < number { turns.append(Turn()) }
        body(&turns[number - 1])
    }

    /// The model's last text.
    package var text: String { turns.last?.text ?? "" }

    /// The messages of a stopped run: the parts so far, marked as cut, and a result for each call.
    package var cutMessages: [Value] {
        var messages = [message.value]
        for (index, turn) in turns.enumerated() {
            let isLast = index == turns.count - 1
            var message: Members = [
                "role": "assistant",
                "content": .string(isLast && turn.calls.isEmpty ? cut(turn.text) : turn.text),
            ]
            if !turn.calls.isEmpty { message.append("tool_calls", .array(turn.calls)) }
            messages.append(.object(message))
            for call in turn.calls {
                messages.append(
                    turn.results.first { $0["tool_call_id"] == call["id"] } ?? unrun(call))
            }
        }
        if turns.last?.calls.isEmpty != true {
            messages.append(["role": "assistant", "content": .string(Self.cutMark)])
        }
        return messages
    }

    private func cut(_ text: String) -> String {
        text.isEmpty ? Self.cutMark : "\(text)\n\n\(Self.cutMark)"
    }

    private func unrun(_ call: Value) -> Value {
        let message = "the user stopped the run before this call was answered"
        return [
            "role": "tool", "tool_call_id": call["id"] ?? .null,
            "name": call["function"]?["name"] ?? .null, "content": .string("Error: \(message)"),
            "error": [
                "code": "cancelled", "message": .string(message), "retryable": true,
            ],
        ]
    }
}
