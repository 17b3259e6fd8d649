import GRPC

/// Returns the handlers of a plugin's own services: one service for each of its kinds, and the
/// services for batches and for progress if it has the methods.
func handlers(of plugin: any Plugin, _ lifecycle: Lifecycle) -> [Handler] {
    var all: [Handler] = []
    if let plugin = plugin as? any EmbedderProvider {
        all += CommonMethods.embedder.handlers(plugin, .embedder, lifecycle) + handlers(plugin)
    }
    if let plugin = plugin as? any BatchEmbedderProvider { all += batchHandlers(plugin) }
    if let plugin = plugin as? any DatabaseProvider {
        all += CommonMethods.database.handlers(plugin, .database, lifecycle) + handlers(plugin)
    }
    if let plugin = plugin as? any BatchDatabaseProvider { all += batchHandlers(plugin) }
    if let plugin = plugin as? any CatalogDatabaseProvider { all += catalogHandlers(plugin) }
    if let plugin = plugin as? any MaintainedDatabaseProvider { all += maintenanceHandlers(plugin) }
    if let plugin = plugin as? any LLMProvider {
        all += CommonMethods.llm.handlers(plugin, .llm, lifecycle) + handlers(plugin)
    }
    if let plugin = plugin as? any ToolProvider {
        all += CommonMethods.tool.handlers(plugin, .tool, lifecycle) + handlers(plugin)
    }
    if let plugin = plugin as? any ReportingToolProvider { all += progressHandlers(plugin) }
    if let plugin = plugin as? any ReasoningStrategy {
        all += CommonMethods.reasoning.handlers(plugin, .reasoning, lifecycle) + handlers(plugin)
    }
    if let plugin = plugin as? any RerankerProvider {
        all += CommonMethods.reranker.handlers(plugin, .reranker, lifecycle) + handlers(plugin)
    }
    return all
}
