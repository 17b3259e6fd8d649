package import ModelServers

/// What a server's `/chat/completions` is found to understand.
package struct Dialect: Sendable, Equatable {
    /// OpenAI's newer models refuse `max_tokens`; other servers know nothing else.
    package var saysCompletionTokens: Bool

    /// Whether to ask for the count of tokens at the end of a stream, which old servers refuse.
    package var asksForUsage = true

    /// Which thoughts of the model go back to it.
    package var returnsThoughts = ReturnedThoughts.ofCalls

    package enum ReturnedThoughts: Sendable {
        /// Those that led to tool calls, and those since the user's last message.
        case ofCalls
        /// All, with something in the place of those that are missing.
        case all
        case none
    }

    package init(saysCompletionTokens: Bool) {
        self.saysCompletionTokens = saysCompletionTokens
    }

    package var limitName: String {
        saysCompletionTokens ? "max_completion_tokens" : "max_tokens"
    }

    /// - Returns: What to try instead, or nil if that would help nothing.
    package func afterRefusal(_ error: ServerError) -> Dialect? {
        guard error.status == 400 || error.status == 422 else { return nil }
        var other = self
        if error.message.contains("max_completion_tokens") {
            other.saysCompletionTokens.toggle()
        } else if asksForUsage, error.message.contains("stream_options") {
            other.asksForUsage = false
        } else if error.message.contains("reasoning"), !error.message.contains("reasoning_effort") {
            // Some servers refuse a conversation with thoughts, others one without.
            let isWanted = ["issing", "passed back", "required"]
                .contains(where: error.message.contains)
            other.returnsThoughts = isWanted ? .all : .none
        } else {
            return nil
        }
        return other
    }
}
