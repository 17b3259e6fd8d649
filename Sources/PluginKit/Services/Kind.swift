/// What a plugin does, and the service that does it.
enum Kind: String {
    case llm = "llm_provider"
    case database = "database_provider"
    case embedder = "embedder_provider"
    case tool = "tool_provider"
    case reasoning = "reasoning_strategy"
}
