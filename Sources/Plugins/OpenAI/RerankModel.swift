internal import JSON
internal import ModelServers
package import PluginKit
internal import Synchronization

/// A model behind `/rerank`.
package final class RerankModel: Sendable {
    private let settings: RerankSettings
    private let server: ModelServer
    private let name: ModelName
    private let state: Mutex<State>

    private struct State {
        /// The form of requests that the server is known or supposed to understand.
        var format: RerankSettings.Format

        /// The most texts of one request that the server takes.
        var batchSize: Int
    }

    package init(_ settings: RerankSettings, log: Logger = Logger()) {
        self.settings = settings
        server = ModelServer(settings.server, headers: settings.server.authorization, log: log)
        name = ModelName(settings.model, of: server)
        state = Mutex(State(format: settings.format ?? .jina, batchSize: settings.batchSize))
    }

    package var info: RerankerInfo {
        get async throws {
            try await server.reportingErrors {
                do { return RerankerInfo(modelName: try await name.value) } catch {
                    // text-embeddings-inference has one model, and says so elsewhere.
                    guard let refusal = refusal(in: error), refusal.status == 404 else {
                        throw error
                    }
                    let info = try? await server.get("info")
                    guard let name = info?["model_id"]?.string else {
                        throw CallError(
                            .invalidArgument,
                            "setting 'model' is missing, and '\(server.origin)' does not name its own"
                        )
                    }
                    let length = info?["max_input_length"]?.int ?? 0
                    return RerankerInfo(modelName: name, maxTokens: length)
                }
            }
        }
    }

    /// - Returns: At most `limit` scores, best first.
    package func rerank(
        _ texts: [String], for query: String, limit: Int
    ) async throws -> [RerankScore] {
        if texts.isEmpty { return [] }
        return try await server.reportingErrors {
            // A text's score does not depend on the others, so those of several requests can be
            // compared.
            var scores: [RerankScore] = []
            var start = 0
            while start < texts.count {
                let end = min(start + state.withLock { $0.batchSize }, texts.count)
                scores += try await rerank(texts, start..<end, for: query, limit: limit)
                start = end
            }
            scores.sort { $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index }
            return Array(scores.prefix(limit))
        }
    }

    /// Halves the texts that the server refuses, until its limit is met.
    ///
    /// - Throws: The server's error if it refuses the first text alone, so that a request that is
    ///   wrong in itself is not sent for every text.
    private func rerank(
        _ texts: [String], _ range: Range<Int>, for query: String, limit: Int
    ) async throws -> [RerankScore] {
        do {
            return try await send(Array(texts[range]), for: query, limit: min(limit, range.count))
                .map { RerankScore(index: range.lowerBound + $0.index, score: $0.score) }
        } catch {
            guard range.count > 1, let refusal = refusal(in: error),
                [400, 413, 422].contains(refusal.status)
            else { throw error }
            // Every longer list would be refused as well.
            if let most = refusal.mostTexts, most < range.count {
                state.withLock { $0.batchSize = min($0.batchSize, most) }
                var scores: [RerankScore] = []
                for start in stride(from: range.lowerBound, to: range.upperBound, by: most) {
                    let end = min(start + most, range.upperBound)
                    scores += try await rerank(texts, start..<end, for: query, limit: limit)
                }
                return scores
            }
            let middle = (range.lowerBound + range.upperBound) / 2
            return try await rerank(texts, range.lowerBound..<middle, for: query, limit: limit)
                + rerank(texts, middle..<range.upperBound, for: query, limit: limit)
        }
    }

    private func send(
        _ texts: [String], for query: String, limit: Int
    ) async throws -> [RerankScore] {
        let format = state.withLock { $0.format }
        do {
            return try await send(texts, for: query, limit: limit, in: format)
        } catch {
            guard settings.format == nil, format == .jina, let refusal = refusal(in: error),
                refusal.wantsTexts
            else { throw error }
            state.withLock { $0.format = .tei }
            return try await send(texts, for: query, limit: limit, in: .tei)
        }
    }

    private func send(
        _ texts: [String], for query: String, limit: Int, in format: RerankSettings.Format
    ) async throws -> [RerankScore] {
        let body = settings.body(texts, for: query, limit: limit, in: format)
        // This server has no limit of scores and gives all.
        let wanted = format == .tei ? texts.count : limit
        return try scores(
            of: await server.post("rerank", body), count: texts.count, limit: wanted)
    }
}

extension ServerError {
    /// True for text-embeddings-inference's refusal of a request with `documents`.
    fileprivate var wantsTexts: Bool {
        [400, 422].contains(status) && message.contains("missing field")
            && message.contains("texts")
    }

    /// The most texts that text-embeddings-inference takes, if it has refused more.
    fileprivate var mostTexts: Int? {
        let words = "maximum allowed batch size "
        guard let start = message.firstRange(of: words)?.upperBound else { return nil }
        let digits = message[start...].prefix(while: \.isNumber)
        return Int(digits).flatMap { $0 > 0 ? $0 : nil }
    }
}
