package import JSON
package import PluginKit

/// A model's thoughts before an assistant's message, in the form that its server wants back: the
/// format of ``Reasoning/details`` that this module reads and writes.
package struct MessagesReasoning: Sendable, Equatable {
    /// The blocks of thought as they came, including signed and encrypted ones.
    package var blocks: [Value] = []

    /// The thoughts that were written into the text, and go back there.
    package var inlineText = ""

    package init() {}

    /// Reads the thoughts that a message has brought back.
    ///
    /// - Returns: Nil if there are none, or none for this server.
    package init?(_ reasoning: Reasoning, for origin: String) {
        guard let value = try? Value(parsing: Array(reasoning.details.utf8)) else { return nil }
        if let server = value["server"]?.string {
            guard server == origin else { return nil }
            blocks = value["blocks"]?.array ?? []
            if value["field"] == "think" { inlineText = reasoning.text }
        } else {
            // Another program has written the record, which names no server.
            blocks = (value.array ?? []).filter { block in
                ["thinking", "redacted_thinking"].contains(block["type"]?.string)
            }
        }
        if blocks.isEmpty, inlineText.isEmpty { return nil }
    }

    /// - Parameters:
    ///   - text: The thoughts as text for people.
    ///   - origin: The scheme, host and port of the server.
    package func message(text: String, server origin: String) -> Reasoning {
        if blocks.isEmpty, inlineText.isEmpty { return Reasoning(text: text) }
        var object: Members = ["server": .string(origin)]
        if !inlineText.isEmpty { object.append("field", "think") }
        if !blocks.isEmpty { object.append("blocks", .array(blocks)) }
        return Reasoning(text: text, details: Value.object(object).description)
    }
}
