import GRPC
import Messages
import SwiftProtobuf

/// The five methods that the service of every kind has, by their paths.
struct CommonMethods {
    let initialize: String
    let shutdown: String
    let health: String
    let getManifest: String
    let getStatus: String

    func handlers(_ plugin: any Plugin, _ kind: Kind, _ lifecycle: Lifecycle) -> [Handler] {
        let manifest = Hector_Plugin_ManifestResponse(type(of: plugin).manifest, kind)
        return [
            unary(initialize) { (request: Hector_Plugin_InitializeRequest) in
                let error = try await lifecycle.configure(request.config)
                return Hector_Plugin_InitializeResponse.with {
                    $0.success = error.isEmpty
                    $0.error = error
                }
            },
            unary(shutdown) { (_: Hector_Plugin_ShutdownRequest) in
                await lifecycle.shutDown()
                return Hector_Plugin_ShutdownResponse.with { $0.success = true }
            },
            unary(health) { (_: Hector_Plugin_HealthRequest) in
                let health = await plugin.health
                return Hector_Plugin_HealthResponse.with {
                    $0.healthy = health.isHealthy
                    $0.message = health.message
                }
            },
            unary(getManifest, executes: .onQueue) { (_: Hector_Plugin_ManifestRequest) in
                manifest
            },
            unary(getStatus, executes: .onQueue) { (_: Hector_Plugin_StatusRequest) in
                Hector_Plugin_StatusResponse.with { $0.status = lifecycle.current.rawValue }
            },
        ]
    }

    static let embedder = CommonMethods(
        initialize: EmbedderMethod.initialize, shutdown: EmbedderMethod.shutdown,
        health: EmbedderMethod.health, getManifest: EmbedderMethod.getManifest,
        getStatus: EmbedderMethod.getStatus)

    static let database = CommonMethods(
        initialize: DatabaseMethod.initialize, shutdown: DatabaseMethod.shutdown,
        health: DatabaseMethod.health, getManifest: DatabaseMethod.getManifest,
        getStatus: DatabaseMethod.getStatus)

    static let llm = CommonMethods(
        initialize: LLMMethod.initialize, shutdown: LLMMethod.shutdown,
        health: LLMMethod.health, getManifest: LLMMethod.getManifest,
        getStatus: LLMMethod.getStatus)

    static let tool = CommonMethods(
        initialize: ToolMethod.initialize, shutdown: ToolMethod.shutdown,
        health: ToolMethod.health, getManifest: ToolMethod.getManifest,
        getStatus: ToolMethod.getStatus)

    static let reasoning = CommonMethods(
        initialize: ReasoningMethod.initialize, shutdown: ReasoningMethod.shutdown,
        health: ReasoningMethod.health, getManifest: ReasoningMethod.getManifest,
        getStatus: ReasoningMethod.getStatus)

    static let reranker = CommonMethods(
        initialize: RerankerMethod.initialize, shutdown: RerankerMethod.shutdown,
        health: RerankerMethod.health, getManifest: RerankerMethod.getManifest,
        getStatus: RerankerMethod.getStatus)
}

extension Hector_Plugin_ManifestResponse {
    fileprivate init(_ manifest: Manifest, _ kind: Kind) {
        self = .with {
            $0.name = manifest.name
            $0.version = manifest.version
            $0.author = manifest.author
            $0.description_p = manifest.description
            $0.type = kind.rawValue
            $0.protocol = "grpc"
            $0.hectorVersion = manifest.hectorVersion
            $0.capabilities = manifest.capabilities
        }
    }
}
