package import PluginKit
import Synchronization
import Unix

/// A plugin that reranks with a model of any server that has `/rerank`.
package final class OpenAIReranker: RerankerProvider {
    package static let manifest = Manifest(
        name: "openai-reranker", version: "0.1.0", author: "Hector",
        description: "A model of any server that has /rerank as Jina and Cohere have it")

    private let model = Mutex<RerankModel?>(nil)

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        let settings = try RerankSettings(configuration, environment: Environment.current)
        model.withLock { $0 = RerankModel(settings) }
    }

    package var rerankerInfo: RerankerInfo { get async throws { try await configured.info } }

    package func rerank(
        _ texts: [String], for query: String, limit: Int
    ) async throws -> [RerankScore] {
        try await configured.rerank(texts, for: query, limit: limit)
    }

    private var configured: RerankModel {
        get throws(CallError) {
            guard let model = model.withLock({ $0 }) else {
                throw CallError(.invalidArgument, "called before it was told its settings")
            }
            return model
        }
    }
}
