package import Configuration

/// The plugins that come with Hector.
package struct BuiltIn: Sendable {
    package let name: String
    package let kind: Kind

    package static let all = [
        BuiltIn(name: "hash-embedder", kind: .embedderProvider),
        BuiltIn(name: "local-vectors", kind: .databaseProvider),
        BuiltIn(name: "extractive-llm", kind: .llmProvider),
        BuiltIn(name: "openai-llm", kind: .llmProvider),
        BuiltIn(name: "openai-embedder", kind: .embedderProvider),
        BuiltIn(name: "anthropic-llm", kind: .llmProvider),
        BuiltIn(name: "system-tools", kind: .toolProvider),
        BuiltIn(name: "mcp-tools", kind: .toolProvider),
        BuiltIn(name: "chain-of-thought", kind: .reasoningStrategy),
        BuiltIn(name: "openai-reranker", kind: .rerankerProvider),
    ]

    /// Returns the plugin that is used if the user does not name or configure another one.
    package static func standard(for kind: Kind) -> String {
        switch kind {
        case .embedderProvider: "hash-embedder"
        case .databaseProvider: "local-vectors"
        case .llmProvider: "extractive-llm"
        case .toolProvider: "system-tools"
        case .reasoningStrategy: "chain-of-thought"
        case .rerankerProvider: "openai-reranker"
        }
    }
}
