internal import ChatModel
internal import FilterKit
internal import JSON
internal import PluginFilterKit
internal import PluginHost
internal import Taint

/// The messages of a record that a model is to answer.
struct Conversation {
    /// The messages that the record has, or will have.
    private(set) var messages: [ChatMessage]

    /// The JSON of the messages if the record has none yet, in the form that they will have in its
    /// array.
    let opening: [UInt8]?

    /// The messages as they are in the record, with what they say about their sources.
    let elements: [Value]

    /// True if the user's message is made of the record's text.
    let isOfText: Bool

    /// - Returns: Nil if there is nothing to answer: the last message is an assistant's and calls
    ///   no tools.
    /// - Throws: An error if the record does not hold a valid conversation, or tool calls have no
    ///   results yet.
    init?(_ record: Record, field: String?, _ prompt: Prompt) throws(RecordError) {
        if let elements = try Self.elements(record.value("messages"), "messages"), !elements.isEmpty
        {
            messages = try Self.messages(elements)
            opening = nil
            self.elements = elements
            isOfText = false
            if try !record.pendingCalls().isEmpty {
                throw RecordError(
                    "pending_tool_calls",
                    "the last message asks for tool calls; pipe the record through hector-tool first"
                )
            }
            if messages.last?.role == .assistant { return nil }
            if let system = prompt.system(for: nil),
                !messages.contains(where: { $0.role == .system })
            {
                messages.insert(ChatMessage(role: .system, content: system), at: 0)
            }
            return
        }
        var opening: [UInt8] = []
        func append(_ json: [UInt8]) {
            if !opening.isEmpty { opening.append(UInt8(ascii: ",")) }
            opening += json
        }
        let body = record.value("body")
        let batch = try Self.elements(body?["messages"], "body.messages") ?? []
        messages = try Self.messages(batch)
        elements = batch
        isOfText = batch.isEmpty
        let text = batch.isEmpty ? try prompt.user(record, field: field) : nil
        if let system = prompt.system(for: text?.input),
            !messages.contains(where: { $0.role == .system })
        {
            messages.insert(ChatMessage(role: .system, content: system), at: 0)
            append(Self.json(messages[0]))
        }
        for element in batch { append(Array(element.description.utf8)) }
        if let text {
            let message = ChatMessage(role: .user, content: text.prompt)
            messages.append(message)
            append(Self.json(message))
        }
        if messages.last?.role == .assistant { return nil }
        self.opening = opening
    }

    /// Returns the messages for the model, with the passages before the last request.
    func messages(quoting passages: [Passage]) -> [ChatMessage] {
        if passages.isEmpty { return messages }
        var messages = messages
        let context = passages.quoted
        if let last = messages.lastIndex(where: { $0.role == .user }) {
            // A separate message would not do: many models require strict turns.
            messages[last].content = context + messages[last].content
        } else {
            messages.append(ChatMessage(role: .user, content: context))
        }
        return messages
    }

    /// Adds the answer to the record, all other bytes of which stay the same.
    func append(
        _ answer: LLM.Answer, _ mark: TaintMark, to record: inout Record
    ) throws(RecordError) {
        var message = answer.message
        mark.add(to: &message)
        if let opening {
            let comma = opening.isEmpty ? [] : [UInt8(ascii: ",")]
            record.set(
                "messages",
                json: [UInt8(ascii: "[")] + opening + comma + message + [UInt8(ascii: "]")])
            return
        }
        do { try record.append(message, toArray: "messages") } catch {
            throw RecordError("invalid_messages", error.problem)
        }
    }

    private static func elements(_ value: Value?, _ name: String) throws(RecordError) -> [Value]? {
        switch value {
        case .array(let elements)?: return elements
        case nil, .null?: return nil
        case let other?:
            throw RecordError("invalid_messages", "member '\(name)' is \(other.kind), not an array")
        }
    }

    private static func messages(_ values: [Value]) throws(RecordError) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        for (index, value) in values.enumerated() {
            messages.append(try ChatMessage(value, "message \(index + 1)"))
        }
        return messages
    }

    /// Returns the JSON of a message that has only text.
    private static func json(_ message: ChatMessage) -> [UInt8] {
        var json = Array(#"{"role":"#.utf8)
        json.appendJSON(string: message.role.rawValue)
        json += #","content":"#.utf8
        json.appendJSON(string: message.content)
        json.append(UInt8(ascii: "}"))
        return json
    }
}
