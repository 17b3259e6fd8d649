package import JSON

/// The messages before a run, cut so that they fit.
package enum History {
    /// Estimates the tokens of a message that have not been counted: English text has about four
    /// bytes a token.
    package static func tokens(_ message: Value) -> Int { message.description.utf8.count / 4 + 1 }

    /// Leaves out the oldest messages so that a user's message comes first. A tool call is never
    /// separated from its results.
    ///
    /// System messages are kept and not counted.
    package static func cut(
        _ messages: [Value], mostMessages: Int? = nil, mostTokens: Int? = nil
    ) -> [Value] {
        var kept: [[Value]] = []
        var count = 0
        var tokens = 0
        for turn in turns(messages.filter { !$0.isSystem }).reversed() {
            count += turn.count
            tokens += turn.reduce(0) { $0 + Self.tokens($1) }
            if let mostMessages, count > mostMessages { break }
            if let mostTokens, tokens > mostTokens { break }
            kept.append(turn)
        }
        return messages.filter(\.isSystem) + kept.reversed().flatMap { $0 }
    }

    /// Returns the messages in groups that belong together: from one user's message up to the next.
    private static func turns(_ messages: [Value]) -> [[Value]] {
        var turns: [[Value]] = []
        for message in messages {
            if message["role"]?.string == "user" || turns.isEmpty {
                turns.append([message])
            } else {
                turns[turns.count - 1].append(message)
            }
        }
        return turns
    }
}

extension Value {
    fileprivate var isSystem: Bool { self["role"]?.string == "system" }
}
