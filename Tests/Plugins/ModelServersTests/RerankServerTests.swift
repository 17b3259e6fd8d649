import Foundation
import HTTP
import ModelServers
import OpenAI
import PluginKit
import TestSupport
import Testing

/// The reranker against servers of each dialect, whose scores are the lengths of the texts.
@Suite(.timeLimit(.minutes(10))) struct RerankServerTests {
    private func model(
        _ server: Loopback, _ settings: [String: String] = [:]
    ) throws -> RerankModel {
        let standard = [
            "base_url": "\(server.url)/v1", "retry_delay": "1ms", "max_retries": "1",
        ]
        return RerankModel(
            try RerankSettings(
                Configuration(settings.merging(standard) { own, _ in own }), environment: [:]),
            log: Logger("", least: .error))
    }

    /// A server with the answers of Jina, Cohere, vLLM or llama.cpp.
    private func server(
        _ dialect: Dialect = .jina,
        isRefused: @escaping @Sendable ([String]) -> (status: Int, body: String)? = { _ in nil }
    ) throws -> Loopback {
        try Loopback { request, connection in
            guard let texts = request.json[dialect.key] as? [String] else {
                let text = "Failed to deserialize the JSON body: missing field `\(dialect.key)`"
                return try connection.answer(text, status: 422)
            }
            if let refusal = isRefused(texts) {
                return try connection.answer(refusal.body, status: refusal.status)
            }
            let limit = request.json["top_n"] as? Int ?? texts.count
            let ranking = texts.indices.sorted { texts[$0].utf8.count > texts[$1].utf8.count }
            let results = ranking.prefix(dialect == .tei ? texts.count : limit).map {
                dialect.result(index: $0, score: Double(texts[$0].utf8.count), text: texts[$0])
            }
            // llama.cpp does not sort.
            let list = dialect == .llamaCPP ? results.reversed() : results
            try connection.answer(dialect.answer("[\(list.joined(separator: ","))]"))
        }
    }

    enum Dialect: String, CaseIterable {
        case jina, cohere, vLLM, llamaCPP, tei

        var key: String { self == .tei ? "texts" : "documents" }

        func result(index: Int, score: Double, text: String) -> String {
            switch self {
            case .jina, .cohere: #"{"index":\#(index),"relevance_score":\#(score)}"#
            case .vLLM:
                #"{"index":\#(index),"document":{"text":"\#(text)"},"relevance_score":\#(score)}"#
            case .llamaCPP: #"{"index":\#(index),"relevance_score":\#(score)}"#
            case .tei: #"{"index":\#(index),"score":\#(score)}"#
            }
        }

        func answer(_ results: String) -> String {
            switch self {
            case .jina:
                #"{"model":"m","object":"list","usage":{"total_tokens":3},"results":\#(results)}"#
            case .cohere: #"{"id":"1","meta":{"api_version":{}},"results":\#(results)}"#
            case .vLLM: #"{"id":"score-1","model":"m","usage":{},"results":\#(results)}"#
            case .llamaCPP: #"{"model":"m","object":"list","usage":{},"results":\#(results)}"#
            case .tei: results
            }
        }
    }

    private func ranking(
        _ model: RerankModel, _ texts: [String], limit: Int = 100
    ) async throws -> [Int] {
        try await model.rerank(texts, for: "q", limit: limit).map(\.index)
    }

    @Test(arguments: Dialect.allCases)
    func `every dialect is understood`(dialect: Dialect) async throws {
        let server = try server(dialect)
        let model = try model(server, ["model": "m"])
        #expect(try await ranking(model, ["bb", "a", "cccc", "ddd"]) == [2, 3, 0, 1])
        #expect(try await ranking(model, ["bb", "a", "cccc", "ddd"], limit: 2) == [2, 3])
        #expect(try await ranking(model, []) == [])
        // The form that the server understands is found out once.
        #expect(server.received.count == (dialect == .tei ? 3 : 2))
        let last = try #require(server.received.last)
        #expect(last.path == "/v1/rerank")
        #expect(last.json["query"] as? String == "q")
        #expect(last.json["model"] as? String == "m")
        #expect(last.json["top_n"] as? Int == (dialect == .tei ? nil : 2))
        #expect(last.json["truncate"] as? Bool == (dialect == .tei ? true : nil))
    }

    @Test func `the form of requests can be set`() async throws {
        let server = try server(.tei)
        #expect(try await ranking(model(server, ["format": "tei"]), ["a", "bb"]) == [1, 0])
        #expect(server.received.count == 1)
        await #expect(throws: CallError.self) {
            try await ranking(model(server, ["format": "jina"]), ["a", "bb"])
        }
    }

    @Test func `a long list goes in several requests, and the best of all come first`()
        async throws
    {
        let server = try server()
        let texts = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3].map { String(repeating: "x", count: $0) }
        let model = try model(server, ["batch_size": "4"])
        #expect(try await ranking(model, texts, limit: 5) == [5, 7, 4, 8, 2])
        #expect(server.received.map { ($0.json["documents"] as? [String])?.count } == [4, 4, 2])
        #expect(server.received.map { $0.json["top_n"] as? Int } == [4, 4, 2])
    }

    @Test func `a server's own limit is found, and remembered if it is told`() async throws {
        let texts = (1...10).map { String(repeating: "x", count: $0) }
        let best = Array((0..<10).reversed())
        let silent = try server { $0.count > 3 ? (413, "too large") : nil }
        #expect(try await ranking(model(silent), texts) == best)

        let server = try server(.tei) {
            $0.count > 3
                ? (422, #"{"error":"batch size \#($0.count) > maximum allowed batch size 3"}"#)
                : nil
        }
        let model = try model(server, ["format": "tei"])
        #expect(try await ranking(model, texts) == best)
        #expect(server.received.count == 5)
        #expect(try await ranking(model, texts) == best)
        #expect(server.received.count == 9)
    }

    @Test func `a text that is refused is an error of the request`() async throws {
        let server = try server { $0.contains("bad") ? (400, #"{"error":"no bad texts"}"#) : nil }
        await #expect(
            throws: CallError(
                .invalidArgument, "'\(server.url)' answered with status 400: no bad texts")
        ) { try await ranking(model(server), ["a", "bad", "c"]) }
    }

    @Test func `a request that is wrong in itself is not sent for every text`() async throws {
        let server = try server { _ in (400, #"{"error":"no model"}"#) }
        await #expect(throws: CallError.self) {
            try await ranking(model(server), (1...64).map { "\($0)" })
        }
        #expect(server.received.count == 7)
    }

    @Test func `a limit of rates is an error of its own, after some repetitions`() async throws {
        let server = try Loopback { _, connection in try connection.answer("", status: 429) }
        await #expect(
            throws: CallError(
                .exhausted, "'\(server.url)' answered with status 429 (tried 2 times)")
        ) { try await ranking(model(server), ["a"]) }
        #expect(server.received.count == 2)
    }

    @Test func `keys and parameters are sent`() async throws {
        let server = try server()
        let model = try model(
            server, ["api_key": "k", "parameters": #"{"return_documents":false}"#])
        _ = try await ranking(model, ["a"])
        let request = try #require(server.received.first)
        #expect(request.headers["authorization"] == "Bearer k")
        #expect(request.json["return_documents"] as? Bool == false)
        #expect(request.json["model"] == nil)
    }

    @Test func `the model is the one that is set, listed, or told by the server`() async throws {
        let listing = try Loopback { _, connection in
            try connection.answer(#"{"data":[{"id":"only"}]}"#)
        }
        #expect(try await model(listing, ["model": "m"]).info.modelName == "m")
        #expect(listing.received.isEmpty)
        #expect(try await model(listing).info.modelName == "only")
        let tei = try Loopback { request, connection in
            if request.path.hasSuffix("/info") {
                try connection.answer(#"{"model_id":"org/m","max_input_length":512}"#)
            } else {
                try connection.answer("", status: 404)
            }
        }
        #expect(
            try await model(tei).info == RerankerInfo(modelName: "org/m", maxTokens: 512))
        let silent = try Loopback { _, connection in try connection.answer("", status: 404) }
        await #expect(throws: CallError.self) { try await model(silent).info }
    }

    @Test func `no server is the usual one, and no key of another company is sent`() throws {
        #expect(
            throws: ConfigurationError.missing(
                "base_url", expected: "the address of a server, here or in RERANK_BASE_URL")
        ) { try RerankSettings(Configuration([:]), environment: ["OPENAI_API_KEY": "k"]) }
        let settings = try RerankSettings(
            Configuration([:]),
            environment: [
                "OPENAI_API_KEY": "k", "RERANK_BASE_URL": "http://a.example/v2",
            ])
        #expect(settings.server.base.text == "http://a.example/v2")
        #expect(settings.server.key == nil)
        let keyed = try RerankSettings(
            Configuration(["base_url": "http://a.example"]),
            environment: ["RERANK_API_KEY": "own"])
        #expect(keyed.server.key == "own")
    }
}
