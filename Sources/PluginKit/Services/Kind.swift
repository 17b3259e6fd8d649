/// The kind of a plugin, which has its own service.
enum Kind: String {
    case llm = "llm_provider"
    case database = "database_provider"
    case embedder = "embedder_provider"
    case tool = "tool_provider"
    case reasoning = "reasoning_strategy"
    case reranker = "reranker_provider"
}
