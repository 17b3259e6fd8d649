package import FilterProcesses

/// What an agent is made of: the filters it needs, and what it says and looks up by itself.
package struct AgentPlan: Sendable {
    package var name: String

    /// Where context is looked for.
    package var sources: [Source] = []

    /// Those of them that a command line has named.
    package var chosenStores: [String] = []
    package var topK = 5

    /// The filters to use, each under the name its errors and the trace have.
    /// Nil for what only looks something up.
    package var generate: FilterCommand?
    package var reason: FilterCommand?
    package var tools: [Tools] = []

    /// What the user wants said before a strategy's slots.
    package var systemPrompt = ""

    /// By the names of the wire contract's PromptSlots, which go before the strategy's.
    package var slots: [String: String] = [:]

    package var maxIterations = 20

    /// Of one run, or nil for no limit.
    package var maxTokens: Int?

    /// Messages and tokens of a session that the model still gets.
    package var maxHistoryMessages: Int?
    package var maxHistoryTokens: Int?

    /// The longest to wait for one answer of a stage.
    package var longestWait: Duration

    package struct Source: Sendable {
        /// For messages, such as a document store's name.
        package var name: String
        package var embed: FilterCommand
        package var search: FilterCommand

        /// Whether a collection that is not there is nothing to stop for.
        package var isOptional: Bool

        package init(name: String, embed: FilterCommand, search: FilterCommand, isOptional: Bool) {
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

        /// True if a run ends without them, rather than going on without these tools.
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
