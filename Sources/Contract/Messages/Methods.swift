// The paths of the methods in Protos/: "/package.Service/Method".

package enum EmbedderMethod {
    package static let initialize = "/hector.plugin.EmbedderProvider/Initialize"
    package static let shutdown = "/hector.plugin.EmbedderProvider/Shutdown"
    package static let health = "/hector.plugin.EmbedderProvider/Health"
    package static let getManifest = "/hector.plugin.EmbedderProvider/GetManifest"
    package static let getStatus = "/hector.plugin.EmbedderProvider/GetStatus"
    package static let embed = "/hector.plugin.EmbedderProvider/Embed"
    package static let getEmbedderInfo = "/hector.plugin.EmbedderProvider/GetEmbedderInfo"
}

package enum DatabaseMethod {
    package static let initialize = "/hector.plugin.DatabaseProvider/Initialize"
    package static let shutdown = "/hector.plugin.DatabaseProvider/Shutdown"
    package static let health = "/hector.plugin.DatabaseProvider/Health"
    package static let getManifest = "/hector.plugin.DatabaseProvider/GetManifest"
    package static let getStatus = "/hector.plugin.DatabaseProvider/GetStatus"
    package static let upsert = "/hector.plugin.DatabaseProvider/Upsert"
    package static let search = "/hector.plugin.DatabaseProvider/Search"
    package static let delete = "/hector.plugin.DatabaseProvider/Delete"
    package static let createCollection = "/hector.plugin.DatabaseProvider/CreateCollection"
    package static let deleteCollection = "/hector.plugin.DatabaseProvider/DeleteCollection"
}

package enum LLMMethod {
    package static let initialize = "/hector.plugin.LLMProvider/Initialize"
    package static let shutdown = "/hector.plugin.LLMProvider/Shutdown"
    package static let health = "/hector.plugin.LLMProvider/Health"
    package static let getManifest = "/hector.plugin.LLMProvider/GetManifest"
    package static let getStatus = "/hector.plugin.LLMProvider/GetStatus"
    package static let generate = "/hector.plugin.LLMProvider/Generate"
    package static let generateStreaming = "/hector.plugin.LLMProvider/GenerateStreaming"
    package static let getModelInfo = "/hector.plugin.LLMProvider/GetModelInfo"
}

package enum ToolMethod {
    package static let initialize = "/hector.plugin.ToolProvider/Initialize"
    package static let shutdown = "/hector.plugin.ToolProvider/Shutdown"
    package static let health = "/hector.plugin.ToolProvider/Health"
    package static let getManifest = "/hector.plugin.ToolProvider/GetManifest"
    package static let getStatus = "/hector.plugin.ToolProvider/GetStatus"
    package static let discoverTools = "/hector.plugin.ToolProvider/DiscoverTools"
    package static let listTools = "/hector.plugin.ToolProvider/ListTools"
    package static let getTool = "/hector.plugin.ToolProvider/GetTool"
    package static let executeTool = "/hector.plugin.ToolProvider/ExecuteTool"
}

package enum ToolProgressMethod {
    package static let executeToolWithProgress =
        "/hector.plugin.ToolProgress/ExecuteToolWithProgress"
}

package enum ReasoningMethod {
    package static let initialize = "/hector.plugin.ReasoningStrategy/Initialize"
    package static let shutdown = "/hector.plugin.ReasoningStrategy/Shutdown"
    package static let health = "/hector.plugin.ReasoningStrategy/Health"
    package static let getManifest = "/hector.plugin.ReasoningStrategy/GetManifest"
    package static let getStatus = "/hector.plugin.ReasoningStrategy/GetStatus"
    package static let prepareIteration = "/hector.plugin.ReasoningStrategy/PrepareIteration"
    package static let shouldStop = "/hector.plugin.ReasoningStrategy/ShouldStop"
    package static let afterIteration = "/hector.plugin.ReasoningStrategy/AfterIteration"
    package static let getContextInjection = "/hector.plugin.ReasoningStrategy/GetContextInjection"
    package static let getPromptSlots = "/hector.plugin.ReasoningStrategy/GetPromptSlots"
    package static let getStrategyInfo = "/hector.plugin.ReasoningStrategy/GetStrategyInfo"
}

package enum RerankerMethod {
    package static let initialize = "/hector.plugin.RerankerProvider/Initialize"
    package static let shutdown = "/hector.plugin.RerankerProvider/Shutdown"
    package static let health = "/hector.plugin.RerankerProvider/Health"
    package static let getManifest = "/hector.plugin.RerankerProvider/GetManifest"
    package static let getStatus = "/hector.plugin.RerankerProvider/GetStatus"
    package static let rerank = "/hector.plugin.RerankerProvider/Rerank"
    package static let getModelInfo = "/hector.plugin.RerankerProvider/GetModelInfo"
}

package enum DatabaseCatalogMethod {
    package static let listCollections = "/hector.plugin.DatabaseCatalog/ListCollections"
    package static let getRecords = "/hector.plugin.DatabaseCatalog/GetRecords"
    package static let scanRecords = "/hector.plugin.DatabaseCatalog/ScanRecords"
    package static let moveCollection = "/hector.plugin.DatabaseCatalog/MoveCollection"
    package static let verify = "/hector.plugin.DatabaseCatalog/Verify"
    package static let compact = "/hector.plugin.DatabaseCatalog/Compact"
}

package enum EmbedderBatchMethod {
    package static let embedBatch = "/hector.plugin.EmbedderBatch/EmbedBatch"
}

package enum DatabaseBatchMethod {
    package static let upsertBatch = "/hector.plugin.DatabaseBatch/UpsertBatch"
    package static let searchBatch = "/hector.plugin.DatabaseBatch/SearchBatch"
    package static let deleteBatch = "/hector.plugin.DatabaseBatch/DeleteBatch"
}

package enum ControllerMethod {
    package static let shutdown = "/plugin.GRPCController/Shutdown"
}

package enum StdioMethod {
    package static let streamStdio = "/plugin.GRPCStdio/StreamStdio"
}

package enum HealthMethod {
    package static let check = "/grpc.health.v1.Health/Check"
    package static let watch = "/grpc.health.v1.Health/Watch"
}
