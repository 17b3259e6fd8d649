internal import ChatModel
internal import FilterKit
internal import JSON
internal import PluginFilterKit
internal import PluginHost

/// The progress of the agent whose state a record is: what its `state` says, and for the rest what
/// its `messages` show.
struct AgentProgress {
    private let given: Members
    private let customState: [String: String]
    private let conversation: [ChatMessage]

    /// The messages as they are in the record, for members that a chat message has no place for.
    private let messages: [Value]
    private let query: String

    /// The index at which the messages of this run begin: after the user's last.
    private let start: Int
    private let usedTokens: Int?

    /// - Throws: An error if the record does not hold a valid state.
    init(_ record: Record, field: String?) throws(RecordError) {
        switch record.value("state") {
        case .object(let members)?: given = members
        case nil, .null?: given = [:]
        case let other?: throw Self.invalid("member 'state' is \(other.kind), not an object")
        }
        customState = try Self.customState(given["custom_state"])
        let list: [Value]?
        switch record.value("messages") {
        case .array(let elements)?: list = elements
        case nil, .null?: list = nil
        case let other?:
            throw RecordError(
                "invalid_messages", "member 'messages' is \(other.kind), not an array")
        }
        if let list, !list.isEmpty {
            messages = list
        } else if let text = try? record.content(field: field) {
            messages = [["role": "user", "content": .string(text)]]
        } else {
            messages = []
        }
        conversation = try Self.chat(messages, "message")
        start = conversation.lastIndex { $0.role == .user }.map { $0 + 1 } ?? 0
        query = start > 0 ? conversation[start - 1].content : ""
        usedTokens = record.value("usage")?["total_tokens"]?.int
        try check()
    }

    /// Returns the next step: the one that the record asks for, or else the one that its last
    /// message calls for.
    func step(askedBy record: Record) throws(RecordError) -> ReasonStep {
        switch record.value("step") {
        case .string(let name)?:
            if let step = ReasonStep(rawValue: name) { return step }
            let names = ReasonStep.allCases.map(\.rawValue).joined(separator: ", ")
            throw RecordError("invalid_step", "unknown step '\(name)', expected one of \(names)")
        case nil, .null?: break
        case let other?:
            throw RecordError("invalid_step", "member 'step' is \(other.kind), not a string")
        }
        switch conversation.last?.role {
        case .assistant?: return .stop
        case .tool?: return record.value("reasoning")?["step"] == "after" ? .prepare : .after
        default: return .prepare
        }
    }

    /// - Parameter beforeAnswer: True if the model has not yet answered in this iteration.
    func state(beforeAnswer: Bool) -> Strategy.State {
        let answers = conversation[start...].filter { $0.role == .assistant }
        var state = Strategy.State()
        let iteration = given["iteration"]?.int ?? answers.count + (beforeAnswer ? 1 : 0)
        state.iteration = Int32(clamping: iteration)
        state.totalTokens = Int64(given["total_tokens"]?.int ?? usedTokens ?? 0)
        state.query = given["query"]?.string ?? query
        state.conversation = givenConversation ?? conversation
        state.assistantResponse =
            given["assistant_response"]?.string ?? answers.last?.content ?? ""
        state.firstIterationToolCalls = givenCalls ?? answers.first?.toolCalls ?? []
        state.customState = customState
        return state
    }

    /// Returns the model's last message.
    func answer() throws(RecordError) -> Strategy.Turn {
        let message = conversation[try answerIndex()]
        var turn = Strategy.Turn()
        turn.text = message.content
        turn.toolCalls = message.toolCalls
        return turn
    }

    /// Returns the model's last message with the results of its tool calls, in the order of the
    /// calls.
    func answerWithResults() throws(RecordError) -> Strategy.Turn {
        var turn = try answer()
        var results = Array(messages[(try answerIndex() + 1)...])
        for call in turn.toolCalls {
            guard let place = results.firstIndex(where: { $0["tool_call_id"]?.string == call.id })
            else {
                throw RecordError(
                    "pending_tool_calls",
                    "tool call '\(call.id)' has no result yet; pipe the record through hector-tool first"
                )
            }
            // An id may occur twice, if the model is careless.
            turn.results.append(Strategy.ToolResult(of: call, results.remove(at: place)))
        }
        return turn
    }

    /// Returns the record's `state` as it came, except for the strategy's own part.
    func stateMembers(replacing customState: [String: String]) -> Members {
        let sorted = customState.sorted { $0.key < $1.key }
        let own = Value.object(Members(sorted.map { ($0.key, .string($0.value)) }))
        var members = Members()
        for (key, value) in given where key != "custom_state" { members.append(key, value) }
        members.append("custom_state", own)
        return members
    }

    private func answerIndex() throws(RecordError) -> Int {
        if let index = conversation[start...].lastIndex(where: { $0.role == .assistant }) {
            return index
        }
        throw RecordError(
            "no_answer",
            "no assistant's message after the user's; pipe the record through hector-generate first"
        )
    }

    private var givenConversation: [ChatMessage]? {
        given["conversation"]?.array.flatMap { try? Self.chat($0, "message") }
    }

    private var givenCalls: [ToolCall]? {
        given["first_iteration_tool_calls"].flatMap { calls in
            (try? ChatMessage(["role": "assistant", "tool_calls": calls], "state"))?.toolCalls
        }
    }

    /// Checks the given parts before any of them is used.
    private func check() throws(RecordError) {
        for (key, value) in given {
            switch key {
            case "iteration", "total_tokens":
                guard let number = value.int, number >= 0 else {
                    throw Self.invalid("'state.\(key)' is \(value), not a whole number from 0")
                }
            case "query", "assistant_response":
                guard value.string != nil else {
                    throw Self.invalid("'state.\(key)' is \(value.kind), not a string")
                }
            case "conversation":
                _ = try Self.chat(try Self.array(value, "state.\(key)") ?? [], "message")
            case "first_iteration_tool_calls":
                _ = try ChatMessage(
                    ["role": "assistant", "tool_calls": value], "'state.\(key)'")
            default: break
            }
        }
    }

    private static func customState(_ value: Value?) throws(RecordError) -> [String: String] {
        switch value {
        case nil, .null?: return [:]
        case .object(let members)?:
            var state: [String: String] = [:]
            for (key, value) in members {
                guard let text = value.string else {
                    throw invalid("'state.custom_state.\(key)' is \(value.kind), not a string")
                }
                state[key] = text
            }
            return state
        case let other?:
            throw invalid("'state.custom_state' is \(other.kind), not an object")
        }
    }

    private static func array(_ value: Value?, _ name: String) throws(RecordError) -> [Value]? {
        switch value {
        case .array(let elements)?: return elements
        case nil, .null?: return nil
        case let other?: throw invalid("member '\(name)' is \(other.kind), not an array")
        }
    }

    private static func chat(
        _ values: [Value], _ name: String
    ) throws(RecordError) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        for (index, value) in values.enumerated() {
            messages.append(try ChatMessage(value, "\(name) \(index + 1)"))
        }
        return messages
    }

    private static func invalid(_ problem: String) -> RecordError {
        RecordError("invalid_state", problem)
    }
}

extension Strategy.ToolResult {
    /// - Parameter message: The tool's message, in the form in which hector-tool appends it.
    fileprivate init(of call: ToolCall, _ message: Value) {
        let failure = message["error"]
        let metadata = (message["metadata"]?.object ?? [:]).map { key, value in
            (key, value.string ?? value.description)
        }
        self.init(
            toolName: call.name, succeeded: failure == nil,
            content: message["content"]?.string ?? "",
            error: failure?["message"]?.string ?? failure?.description ?? "",
            metadata: Dictionary(metadata) { $1 })
    }
}
