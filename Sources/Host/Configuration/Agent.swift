import YAML

/// An entry under `agents:`. A value of nil means the same as for a filter without options.
package struct Agent: Sendable {
    /// The key of the entry.
    package let name: String

    /// The value of `name:`, for people.
    package let title: Text?

    package let description: Text?
    package let llm, database, embedder, reasoningStrategy: Text?
    package let tools: [ToolAccess]
    package let prompt: Prompt
    package let documentStores: [Text]
    package let search: Search

    /// The way to rerank what the search finds; nil if it is not reranked.
    package let rerank: Rerank?
    package let maxIterations: Int

    /// The limit of one run in tokens.
    package let maxTokensTotal: Int?

    /// The limits on the part of a session that the model still gets.
    package let maxHistoryMessages, maxHistoryTokens: Int?

    /// The commands for `sh` that replace filters.
    package let stages: [Stage: Text]

    /// The command for `sh` that approves calls in place of the user, and its time limit.
    package let approver: Text?
    package let approverTimeout: Duration?

    /// The treatment of calls that may do harm, made after the model has read untrusted text
    /// for; nil for a question.
    package let approveTainted: TaintedApproval?

    package enum TaintedApproval: String, CaseIterable, Sendable { case ask, never, always }

    package enum Stage: String, CaseIterable, Sendable {
        case embed, search, rerank, reason, generate, tool
    }

    package struct Search: Sendable {
        package let topK: Int
        package let minScore: Double?

        /// The things by which passages are found; nil for what the database can.
        package let mode: Mode?

        /// The weight of the vector, from 0 to 1; nil for the collection's own.
        package let alpha: Double?

        /// The collection, for an agent without document stores.
        package let collection: Text?

        package enum Mode: String, CaseIterable, Sendable { case hybrid, vector, text }
    }

    /// The values of nil are those of the search or the defaults.
    package struct Rerank: Sendable {
        /// The reranker; nil for the configuration's default.
        package let provider: Text?

        /// The number of passages that are kept.
        package let topK: Int?
        package let minScore: Double?

        /// The number of passages that each search finds.
        package let candidates: Int?
    }

    package struct Prompt: Sendable {
        package let system: Text?
        package let slots: [Slot: Text]

        /// The slots of a prompt, as in PromptSlots of the wire contract.
        package enum Slot: String, CaseIterable, Sendable {
            case systemRole = "system_role"
            case reasoningInstructions = "reasoning_instructions"
            case toolUsage = "tool_usage"
            case outputFormat = "output_format"
            case communicationStyle = "communication_style"
            case additional
        }
    }

    init(_ entry: Node.Entry, name: String, _ inspector: Inspector) {
        self.name = entry.key
        let fields = inspector.fields(
            of: entry.value, name: name,
            keys: [
                "name", "description", "llm", "database", "embedder", "reasoning_strategy", "tools",
                "prompt", "document_stores", "search", "rerank", "max_iterations",
                "max_tokens_total", "max_history_messages", "max_history_tokens", "stages",
                "approver", "approver_timeout", "approve_tainted",
            ])
        title = fields.text("name")
        description = fields.text("description")
        llm = fields.text("llm")
        database = fields.text("database")
        embedder = fields.text("embedder")
        reasoningStrategy = fields.text("reasoning_strategy")
        tools =
            fields.node("tools").map { node in
                inspector.elements(
                    of: node, name: fields.name(of: "tools"), expected: "a list of tool providers"
                ).compactMap { ToolAccess($0, name: fields.name(of: "tools"), inspector) }
            } ?? []
        prompt = Prompt(fields.fields("prompt", keys: ["system_prompt", "prompt_slots"]))
        documentStores = fields.texts("document_stores") ?? []
        let search = fields.fields(
            "search", keys: ["top_k", "min_score", "mode", "alpha", "collection"])
        self.search = Search(
            topK: search.integer("top_k", from: 1) ?? 5, minScore: search.number("min_score"),
            mode: search.choice("mode"), alpha: search.number("alpha", in: 0...1),
            collection: search.text("collection"))
        let topK = self.search.topK
        rerank = fields.node("rerank").map {
            Rerank($0, name: fields.name(of: "rerank"), topK: topK, inspector)
        }
        maxTokensTotal = fields.integer("max_tokens_total", from: 1)
        maxHistoryMessages = fields.integer("max_history_messages", from: 1)
        maxHistoryTokens = fields.integer("max_history_tokens", from: 1)
        maxIterations = fields.integer("max_iterations", from: 1) ?? 20
        stages = fields.fields("stages", keys: Stage.allCases.map(\.rawValue)).texts()
        approver = fields.text("approver")
        approverTimeout = fields.integer("approver_timeout", from: 1).map { .seconds($0) }
        approveTainted = fields.choice("approve_tainted")
    }
}

extension Agent.Rerank {
    /// Reads the name of a reranker, or a mapping.
    ///
    /// - Parameter topK: The number of passages that are kept if it does not say so.
    fileprivate init(_ node: Node, name: String, topK: Int, _ inspector: Inspector) {
        if node.entries == nil {
            (provider, self.topK, minScore, candidates) = (
                inspector.text(of: node, name: name), nil, nil, nil
            )
            return
        }
        let fields = inspector.fields(
            of: node, name: name, keys: ["provider", "top_k", "min_score", "candidates"])
        provider = fields.text("provider")
        self.topK = fields.integer("top_k", from: 1)
        minScore = fields.number("min_score")
        // Fewer candidates than are kept would only sort them.
        candidates = fields.integer("candidates", from: self.topK ?? topK)
    }
}

extension Agent.Prompt {
    init(_ fields: Fields) {
        system = fields.text("system_prompt")
        slots = fields.fields("prompt_slots", keys: Slot.allCases.map(\.rawValue)).texts()
    }
}

/// The tools of one provider that an agent may use.
package struct ToolAccess: Sendable {
    package let provider: Text

    /// The prefix of the names of its tools for the model.
    package let prefix: Text?

    /// The globs for the names of the allowed tools; nil for all tools.
    package let allow: [Text]?

    /// The globs for the names of denied tools. These take precedence.
    package let deny: [Text]

    /// The approval. If nil, tools that do not change anything run, and the user is asked about
    /// others.
    package let approve: Approval?

    package enum Approval: String, CaseIterable, Sendable { case ask, always, never }

    /// Reads the name of a provider, or a mapping that contains it.
    init?(_ node: Node, name: String, _ inspector: Inspector) {
        if node.entries == nil {
            guard let provider = inspector.text(of: node, name: name) else { return nil }
            (self.provider, prefix, allow, deny, approve) = (provider, nil, nil, [], nil)
            return
        }
        let fields = inspector.fields(
            of: node, name: name, keys: ["provider", "prefix", "allow", "deny", "approve"])
        fields.require("provider", "the name of a tool provider")
        allow = fields.texts("allow")
        deny = fields.texts("deny") ?? []
        approve = fields.choice("approve")
        prefix = fields.text("prefix")
        guard let provider = fields.text("provider") else { return nil }
        self.provider = provider
    }
}

extension Fields {
    /// Reads a text for each of a few known keys.
    fileprivate func texts<Key>() -> [Key: Text]
    where Key: RawRepresentable<String> & CaseIterable & Hashable {
        var texts: [Key: Text] = [:]
        for key in Key.allCases { texts[key] = text(key.rawValue) }
        return texts
    }
}
