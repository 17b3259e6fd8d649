package import ModelServers

/// The variant of `/chat/completions` that a server is found to understand.
package struct Dialect: Sendable, Equatable {
    /// True to use `max_completion_tokens`: OpenAI's newer models refuse `max_tokens`, and other
    /// servers know only that.
    package var saysCompletionTokens: Bool

    /// True to ask for the count of tokens at the end of a stream, which old servers refuse.
    package var asksForUsage = true

    /// The thoughts of the model that go back to it.
    package var returnsThoughts = ReturnedThoughts.ofCalls

    package enum ReturnedThoughts: Sendable {
        /// Those that led to tool calls, and those since the user's last message.
        case ofCalls
        /// All thoughts, with a placeholder for missing ones.
        case all
        case none
    }

    package init(saysCompletionTokens: Bool) {
        self.saysCompletionTokens = saysCompletionTokens
    }

    package var limitName: String {
        saysCompletionTokens ? "max_completion_tokens" : "max_tokens"
    }

    /// - Returns: The dialect to try instead, or nil if none would help.
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
