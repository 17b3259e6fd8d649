internal import Messages
internal import SwiftProtobuf

/// A plugin that says how well texts answer a question.
package final class Reranker: Sendable {
    package static let service = "hector.plugin.RerankerProvider"

    package let plugin: Plugin
    private let timeout: Duration

    package struct Score: Sendable, Equatable {
        /// The text's place in the request.
        package let index: Int
        package let score: Float
    }

    package struct Info: Sendable {
        package let modelName: String
        /// The most tokens of a question and a text together; 0 if that is not known.
        package let maxTokens: Int
    }

    /// - Parameter timeout: The longest time for one call.
    package init(_ plugin: Plugin, timeout: Duration) {
        self.plugin = plugin
        self.timeout = timeout
    }

    /// Scores texts by how well they answer a question.
    ///
    /// - Parameter limit: The most scores that are wanted.
    /// - Returns: At most `limit` scores, best first, each text once.
    package func rerank(
        _ texts: [String], for query: String, limit: Int
    ) async throws(PluginError) -> [Score] {
        if texts.isEmpty { return [] }
        let request = Hector_Plugin_RerankRequest.with {
            $0.query = query
            $0.texts = texts
            $0.topN = Int32(clamping: limit)
        }
        let response: Hector_Plugin_RerankResponse = try plugin.decode(
            try await plugin.call(RerankerMethod.rerank, encode(request), timeout: timeout),
            from: RerankerMethod.rerank)
        if !response.error.isEmpty { throw plugin.refusal(response.error) }
        var seen: Set<Int32> = []
        for score in response.scores {
            guard texts.indices.contains(Int(score.index)) else {
                throw plugin.misbehaviour(
                    "scored text \(score.index), but was given \(texts.count)")
            }
            guard score.score.isFinite else {
                throw plugin.misbehaviour("gave text \(score.index) the score \(score.score)")
            }
            guard seen.insert(score.index).inserted else {
                throw plugin.misbehaviour("scored text \(score.index) twice")
            }
        }
        // A text without a score would be lost.
        let wanted = min(limit, texts.count)
        if response.scores.count < wanted {
            throw plugin.misbehaviour(
                "scored \(response.scores.count) of \(texts.count) texts, and was asked for \(wanted)"
            )
        }
        // Sorted here too, as a plugin may not have; texts with equal scores keep their order.
        let scores = response.scores.sorted {
            $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index
        }
        return scores.prefix(limit).map { Score(index: Int($0.index), score: $0.score) }
    }

    package func info() async throws(PluginError) -> Info {
        let response: Hector_Plugin_RerankerInfo = try plugin.decode(
            try await plugin.call(
                RerankerMethod.getModelInfo, encode(Hector_Plugin_Empty()), timeout: timeout),
            from: RerankerMethod.getModelInfo)
        return Info(modelName: response.modelName, maxTokens: Int(response.maxTokens))
    }
}
