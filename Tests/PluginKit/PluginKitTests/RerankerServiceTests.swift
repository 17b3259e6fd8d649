import GRPC
import Messages
import SwiftProtobuf
import Testing

@Suite struct RerankerServiceTests {
    private func request(
        _ query: String, _ texts: [String], topN: Int32 = 0
    ) -> Hector_Plugin_RerankRequest {
        .with {
            $0.query = query
            $0.texts = texts
            $0.topN = topN
        }
    }

    @Test func `scores texts, all of them or the best`() async throws {
        try await withHost(of: LengthReranker()) { host in
            for (topN, expected) in [(0, [1, 2, 0]), (2, [1, 2]), (9, [1, 2, 0])] {
                let answer = try await host.call(
                    RerankerMethod.rerank, request("q", ["a", "ccc", "bb"], topN: Int32(topN)),
                    Hector_Plugin_RerankResponse.self)
                #expect(answer.error == "")
                #expect(answer.scores.map { Int($0.index) } == expected)
                #expect(answer.scores[0].score == 3)
            }
            let none = try await host.call(
                RerankerMethod.rerank, request("q", []), Hector_Plugin_RerankResponse.self)
            #expect(none.scores.isEmpty && none.error == "")
        }
    }

    @Test func `an error is in the answer`() async throws {
        try await withHost(of: LengthReranker()) { host in
            let answer = try await host.call(
                RerankerMethod.rerank, request("", ["a"]), Hector_Plugin_RerankResponse.self)
            #expect(answer.error == "no question" && answer.scores.isEmpty)
        }
    }

    @Test func `describes its model`() async throws {
        try await withHost(of: LengthReranker()) { host in
            let info = try await host.call(
                RerankerMethod.getModelInfo, Hector_Plugin_Empty(),
                Hector_Plugin_RerankerInfo.self)
            #expect(info.modelName == "length" && info.maxTokens == 7)
            #expect(host.handshake.count > 3)
        }
    }
}
