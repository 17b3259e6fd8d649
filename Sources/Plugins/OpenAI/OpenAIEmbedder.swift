package import PluginKit
import Synchronization
import Unix

/// A plugin that embeds with a model of any server that has OpenAI's embeddings.
package final class OpenAIEmbedder: BatchEmbedderProvider {
    package static let manifest = Manifest(
        name: "openai-embedder", version: "0.1.0", author: "Hector",
        description: "A model of any server that has OpenAI's embeddings",
        capabilities: ["alpha": "0.5", "batch": "true"])

    private let model = Mutex<EmbeddingModel?>(nil)

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        let settings = try EmbeddingSettings(configuration, environment: Environment.current)
        model.withLock { $0 = EmbeddingModel(settings) }
    }

    package var embedderInfo: EmbedderInfo { get async throws { try await configured.info } }

    package func embed(_ requests: [EmbedRequest]) async throws -> [Result<[Float], any Error>] {
        try await configured.embed(requests)
    }

    private var configured: EmbeddingModel {
        get throws(CallError) {
            guard let model = model.withLock({ $0 }) else {
                throw CallError(.invalidArgument, "called before it was told its settings")
            }
            return model
        }
    }
}
