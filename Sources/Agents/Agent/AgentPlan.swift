package import FilterProcesses

/// The parts of an agent: its filters, and the prompts and searches that it contributes itself.
package struct AgentPlan: Sendable {
    package var name: String

    /// The places to search for context.
    package var sources: [Source] = []

    /// The sources that a command line has named.
    package var chosenStores: [String] = []
    package var topK = 5

    /// The filter that puts what the sources have found into a better order.
    package var rerank: FilterCommand?

    /// The filters to use, each under its name in errors and the trace. Nil if the plan is only for
    /// a search.
    package var generate: FilterCommand?
    package var reason: FilterCommand?
    package var tools: [Tools] = []

    /// The user's prompt, which comes before a strategy's slots.
    package var systemPrompt = ""

    /// Texts by the names of the wire contract's PromptSlots; they take precedence over the
    /// strategy's.
    package var slots: [String: String] = [:]

    package var maxIterations = 20

    /// The most tokens of one run, or nil for no limit.
    package var maxTokens: Int?

    /// The most messages and tokens of a session that the model still gets.
    package var maxHistoryMessages: Int?
    package var maxHistoryTokens: Int?

    /// The longest time to wait for one answer of a stage.
    package var longestWait: Duration

    package struct Source: Sendable {
        /// The name in messages, such as a document store's name.
        package var name: String

        /// The filter that makes vectors; nil if `search` makes them itself.
        package var embed: FilterCommand?
        package var search: FilterCommand

        /// The name or path of the embedder that makes the vectors; nil for the standard one.
        package var embedder: String?

        /// True if a missing collection does not stop the run.
        package var isOptional: Bool

        /// The filters in the order in which a question goes through them.
        package var commands: [FilterCommand] { [embed, search].compactMap { $0 } }

        package init(name: String, embed: FilterCommand?, search: FilterCommand, isOptional: Bool) {
            self.name = name
            self.embed = embed
            self.search = search
            self.isOptional = isOptional
        }
    }

    /// The tools of one provider.
    package struct Tools: Sendable {
        package var provider: String
        package var command: FilterCommand

        /// True if a run ends without these tools instead of going on with the others.
        package var isRequired: Bool

        package init(provider: String, command: FilterCommand, isRequired: Bool = false) {
            self.provider = provider
            self.command = command
            self.isRequired = isRequired
        }
    }

    package init(name: String, generate: FilterCommand?, longestWait: Duration) {
        self.name = name
        self.generate = generate
        self.longestWait = longestWait
    }
}
