internal import JSON
internal import ModelServers
internal import PluginKit

/// The parts of an assistant's message, besides text and calls, that go back to a server: the
/// format of ``Reasoning/details`` that this module reads and writes.
struct ChatReasoning: Sendable {
    /// The member of a message in which the server has sent its thoughts.
    enum Field: String, Sendable {
        case reasoningContent = "reasoning_content"
        case reasoning
        /// Thoughts in `<think>…</think>`, before the text.
        case think
    }

    /// The scheme, host and port of the server that the thoughts came from; nil if it is unknown.
    var server: String?
    var text = ""

    /// Nil if the thoughts are only in the details.
    var field: Field?

    /// Parts of thoughts in OpenRouter's format, some of them signed or encrypted.
    var details: [Value] = []

    /// The server's additions to calls, such as Gemini's signatures of thoughts, by the calls' ids.
    var extras: [(id: String, value: Value)] = []

    init(server: String) { self.server = server }

    /// Reads the parts that a message has brought back.
    ///
    /// - Returns: Nil if there are none, or none for this server.
    init?(_ reasoning: Reasoning, for origin: String) {
        text = reasoning.text
        let value = try? Value(parsing: Array(reasoning.details.utf8))
        if let server = value?["server"]?.string {
            guard server == origin else { return nil }
            self.server = server
            field = value?["field"]?.string.flatMap { Field(rawValue: $0) }
            details = value?["details"]?.array ?? []
            extras = (value?["calls"]?.object ?? [:]).map { ($0.key, $0.value) }
        } else {
            // Another program has written the record, which names no server.
            details = value?.array ?? []
            field = text.isEmpty ? nil : .reasoningContent
        }
        if text.isEmpty, details.isEmpty, extras.isEmpty { return nil }
    }

    var message: Reasoning {
        if text.isEmpty, details.isEmpty, extras.isEmpty { return Reasoning() }
        var object = Members()
        if let server { object.append("server", .string(server)) }
        if let field { object.append("field", .string(field.rawValue)) }
        if !details.isEmpty { object.append("details", .array(details)) }
        if !extras.isEmpty {
            object.append("calls", .object(Members(extras.map { ($0.id, $0.value) })))
        }
        return Reasoning(text: text, details: Value.object(object).description)
    }

    /// Adds parts of thoughts that come in pieces: pieces with the same number and type are one
    /// part.
    mutating func receive(details pieces: [Value]) {
        for piece in pieces {
            let place = details.lastIndex { part in
                piece["index"] != nil && part["index"] == piece["index"]
                    && part["type"] == piece["type"]
            }
            guard let place, let part = details[place].object else {
                details.append(piece)
                continue
            }
            details[place] = .object(Self.joined(part, piece.object ?? [:]))
        }
    }

    private static func joined(_ part: Members, _ piece: Members) -> Members {
        var joined = part
        for (key, value) in piece where value != .null {
            switch key {
            case "text", "summary", "data":
                joined.set(key, .string((part[key]?.string ?? "") + (value.string ?? "")))
            default: joined.set(key, value)
            }
        }
        return joined
    }

    /// Returns the text for people in parts of thoughts.
    static func text(of details: [Value]) -> String {
        details.map { $0["text"]?.string ?? $0["summary"]?.string ?? "" }.joined()
    }
}
