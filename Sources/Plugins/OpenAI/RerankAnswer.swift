package import JSON
internal import ModelServers
package import PluginKit

/// Finds the scores of an answer of `/rerank`: the `results` of Jina, Cohere, vLLM and llama.cpp, or
/// the list that text-embeddings-inference has.
///
/// - Parameters:
///   - count: The number of texts in the request.
///   - limit: The number of scores that were asked for; more are accepted.
/// - Throws: ``Malformed`` for an answer without these scores, and ``ServerError``.
package func scores(of answer: Value, count: Int, limit: Int) throws -> [RerankScore] {
    if let error = answer["error"], error != .null { throw ServerError(answer) }
    guard let results = answer.array ?? answer["results"]?.array else {
        throw Malformed("an answer without 'results'")
    }
    var seen: Set<Int> = []
    let scores = try results.map { result in
        guard let index = result["index"]?.int, (0..<count).contains(index),
            seen.insert(index).inserted
        else { throw Malformed("results whose 'index' is not that of the texts") }
        guard let number = (result["relevance_score"] ?? result["score"])?.double else {
            throw Malformed("a result without a 'relevance_score'")
        }
        let score = Float(number)
        guard score.isFinite else { throw Malformed("a 'relevance_score' that is too large") }
        return RerankScore(index: index, score: score)
    }
    guard scores.count >= min(limit, count) else {
        throw Malformed("\(scores.count) scores for \(count) texts, and was asked for \(limit)")
    }
    return scores
}
