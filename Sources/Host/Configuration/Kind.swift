/// The kinds of plugin. The raw value is the name in manifests and in the handshake.
package enum Kind: String, CaseIterable, Sendable {
    case llmProvider = "llm_provider"
    case databaseProvider = "database_provider"
    case embedderProvider = "embedder_provider"
    case toolProvider = "tool_provider"
    case reasoningStrategy = "reasoning_strategy"
    case rerankerProvider = "reranker_provider"

    /// The gRPC service that a plugin of this kind offers.
    package var service: String {
        switch self {
        case .llmProvider: "hector.plugin.LLMProvider"
        case .databaseProvider: "hector.plugin.DatabaseProvider"
        case .embedderProvider: "hector.plugin.EmbedderProvider"
        case .toolProvider: "hector.plugin.ToolProvider"
        case .reasoningStrategy: "hector.plugin.ReasoningStrategy"
        case .rerankerProvider: "hector.plugin.RerankerProvider"
        }
    }

    /// The key under `plugins:` that holds the entries of this kind.
    package var section: String {
        switch self {
        case .llmProvider: "llm_providers"
        case .databaseProvider: "database_providers"
        case .embedderProvider: "embedder_providers"
        case .toolProvider: "tool_providers"
        case .reasoningStrategy: "reasoning_strategies"
        case .rerankerProvider: "rerankers"
        }
    }

    /// The key by which `defaults:`, agents and document stores name a plugin of this kind.
    package var role: String {
        switch self {
        case .llmProvider: "llm"
        case .databaseProvider: "database"
        case .embedderProvider: "embedder"
        case .toolProvider: "tools"
        case .reasoningStrategy: "reasoning_strategy"
        case .rerankerProvider: "reranker"
        }
    }

    /// The noun for a plugin of this kind, to follow "a" or "an".
    package var noun: String {
        switch self {
        case .llmProvider: "LLM"
        case .databaseProvider: "database"
        case .embedderProvider: "embedder"
        case .toolProvider: "tool provider"
        case .reasoningStrategy: "reasoning strategy"
        case .rerankerProvider: "reranker"
        }
    }

    /// The noun with its article.
    package var aNoun: String {
        self == .llmProvider || self == .embedderProvider ? "an \(noun)" : "a \(noun)"
    }
}
