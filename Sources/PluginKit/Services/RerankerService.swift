import GRPC
import Messages
import SwiftProtobuf

func handlers(_ plugin: some RerankerProvider) -> [Handler] {
    [
        unary(RerankerMethod.rerank) { (request: Hector_Plugin_RerankRequest) in
            var response = Hector_Plugin_RerankResponse()
            response.error = try await errorTextOrStatus {
                let limit = request.topN > 0 ? Int(request.topN) : request.texts.count
                let scores = try await plugin.rerank(
                    request.texts, for: request.query, limit: limit)
                response.scores = scores.map { score in
                    Hector_Plugin_RerankScore.with {
                        $0.index = Int32(clamping: score.index)
                        $0.score = score.score
                    }
                }
            }
            return response
        },
        unary(RerankerMethod.getModelInfo) { (_: Hector_Plugin_Empty) in
            let info = try await reportingStatus { try await plugin.rerankerInfo }
            return Hector_Plugin_RerankerInfo.with {
                $0.modelName = info.modelName
                $0.maxTokens = Int32(clamping: info.maxTokens)
            }
        },
    ]
}
