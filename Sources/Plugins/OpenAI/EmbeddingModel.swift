internal import JSON
internal import ModelServers
package import PluginKit
internal import Synchronization

/// A model behind `/embeddings`.
package final class EmbeddingModel: Sendable {
    private let settings: EmbeddingSettings
    private let server: ModelServer
    private let name: ModelName
    private let state: Mutex<State>

    private struct State {
        /// The encoding that the server is known to accept.
        var encoding: EmbeddingSettings.Encoding

        /// The dimension of every vector.
        var dimension: Int?
    }

    package init(_ settings: EmbeddingSettings, log: Logger = Logger()) {
        self.settings = settings
        server = ModelServer(settings.server, headers: settings.server.authorization, log: log)
        name = ModelName(settings.model, of: server)
        state = Mutex(State(encoding: settings.encoding, dimension: settings.dimensions))
    }

    package var info: EmbedderInfo {
        get async throws {
            try await server.reportingErrors {
                let name = try await name.value
                if let dimension = state.withLock({ $0.dimension }) {
                    return EmbedderInfo(modelName: name, dimension: dimension)
                }
                // Only the server's answer shows it.
                let vector = try await embed(["dimension"])[0].get()
                return EmbedderInfo(modelName: name, dimension: vector.count)
            }
        }
    }

    /// - Returns: The vector of each text, or the error of that text.
    /// - Throws: An error that concerns all texts.
    package func embed(_ requests: [EmbedRequest]) async throws -> [Result<[Float], any Error>] {
        try await server.reportingErrors {
            let texts = requests.map { (settings.prefixes[$0.type] ?? "") + $0.text }
            var results: [Result<[Float], any Error>] = []
            for start in stride(from: 0, to: texts.count, by: settings.batchSize) {
                let end = min(start + settings.batchSize, texts.count)
                results += try await embed(texts[start..<end])
            }
            return results
        }
    }

    /// Halves the texts that the server refuses, until the offending ones are alone, or its limit
    /// is met.
    private func embed(
        _ texts: ArraySlice<String>
    ) async throws -> [Result<[Float], any Error>] {
        do {
            return try await send(Array(texts)).map(check)
        } catch {
            guard let refusal = refusal(in: error), [400, 413, 422].contains(refusal.status) else {
                throw error
            }
            if texts.count == 1 { return [.failure(server.report(error))] }
            let middle = (texts.startIndex + texts.endIndex) / 2
            return try await embed(texts[..<middle]) + embed(texts[middle...])
        }
    }

    private func send(_ texts: [String]) async throws -> [[Float]] {
        let encoding = state.withLock { $0.encoding }
        let model = try await name.value
        do {
            let body = settings.body(texts, model: model, encoding: encoding)
            return try vectors(of: await server.post("embeddings", body), count: texts.count)
        } catch {
            guard encoding == .base64, let refusal = refusal(in: error),
                [400, 422].contains(refusal.status),
                ["encoding_format", "base64"].contains(where: refusal.message.contains)
            else { throw error }
            state.withLock { $0.encoding = .float }
            let body = settings.body(texts, model: model, encoding: .float)
            return try vectors(of: await server.post("embeddings", body), count: texts.count)
        }
    }

    private func check(_ vector: [Float]) -> Result<[Float], any Error> {
        let expected = state.withLock { state in
            // An empty vector does not set the dimension of others.
            if state.dimension == nil, !vector.isEmpty { state.dimension = vector.count }
            return state.dimension ?? 1
        }
        var problem: Malformed?
        if vector.count != expected {
            let setting = settings.dimensions == nil ? "" : "; see 'dimensions'"
            problem = Malformed(
                "a vector of \(vector.count) numbers, expected \(expected)\(setting)")
        } else if let index = vector.firstIndex(where: { !$0.isFinite }) {
            problem = Malformed("a vector whose number \(index + 1) is \(vector[index])")
        }
        guard let problem else { return .success(vector) }
        return .failure(server.report(problem))
    }
}
