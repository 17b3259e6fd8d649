/// A plugin that says how well texts answer a question.
public protocol RerankerProvider: Plugin {
    /// - Parameter limit: The most scores that are wanted.
    /// - Returns: The scores, best first, each text at most once.
    func rerank(
        _ texts: [String], for query: String, limit: Int
    ) async throws -> [RerankScore]

    var rerankerInfo: RerankerInfo { get async throws }
}

public struct RerankScore: Equatable, Sendable {
    /// The text's place in the request.
    public var index: Int

    /// The score; higher is better.
    public var score: Float

    public init(index: Int, score: Float) {
        self.index = index
        self.score = score
    }
}

public struct RerankerInfo: Equatable, Sendable {
    public var modelName: String

    /// The most tokens of a question and a text together; 0 if that is not known.
    public var maxTokens: Int

    public init(modelName: String, maxTokens: Int = 0) {
        self.modelName = modelName
        self.maxTokens = maxTokens
    }
}
