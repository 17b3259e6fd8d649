package import PluginKit
import Synchronization

/// An embedder that needs no model and no network.
package final class HashEmbedder: BatchEmbedderProvider {
    package static let manifest = Manifest(
        name: "hash-embedder", version: "0.1.0", author: "Hector",
        description:
            "Hashes words and pieces of words into a vector; needs no model and no network",
        capabilities: ["alpha": "0.05", "batch": "true", "input_type": "true"])

    private let embedding = Mutex(HashEmbedding(dimension: 1024))

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        try configuration.refuseUnknown(besides: ["dimension"])
        let dimension = try configuration.int("dimension", default: 1024, in: 1...65536)
        embedding.withLock { $0 = HashEmbedding(dimension: dimension) }
    }

    package var embedderInfo: EmbedderInfo {
        EmbedderInfo(
            modelName: HashEmbedding.modelName,
            dimension: embedding.withLock { $0.dimension })
    }

    package func embed(_ requests: [EmbedRequest]) -> [Result<[Float], any Error>] {
        let embedding = embedding.withLock { $0 }
        return requests.map { request in
            .success(
                embedding.vector(
                    of: request.text.utf8.span, for: request.type == .query ? .query : .document))
        }
    }
}
