import Foundation
import OpenAI
import PluginKit
import TestSupport
import Testing

/// The embedder against a server whose vectors are the lengths of the texts.
@Suite(.timeLimit(.minutes(10))) struct EmbeddingServerTests {
    private func model(
        _ server: Loopback, _ settings: [String: String] = [:]
    ) throws -> EmbeddingModel {
        let standard = [
            "base_url": "\(server.url)/v1", "model": "m", "retry_delay": "1ms", "max_retries": "1",
        ]
        return EmbeddingModel(
            try EmbeddingSettings(
                Configuration(settings.merging(standard) { own, _ in own }), environment: [:]),
            log: Logger("", least: .error))
    }

    /// A server that refuses requests for which `isRefused` is true, and knows base64 only if
    /// `knowsBase64`.
    private func server(
        knowsBase64: Bool = true,
        isRefused: @escaping @Sendable ([String]) -> String? = { _ in nil }
    ) throws -> Loopback {
        try Loopback { request, connection in
            let texts = request.json["input"] as? [String] ?? []
            if let refusal = isRefused(texts) {
                return try connection.answer(#"{"error":"\#(refusal)"}"#, status: 400)
            }
            let isBase64 = request.json["encoding_format"] as? String == "base64"
            if isBase64, !knowsBase64 {
                return try connection.answer("encoding_format: only float", status: 422)
            }
            let data = texts.enumerated().map { index, text -> String in
                let vector = [Float(text.utf8.count), 1]
                let base64 = vector.withUnsafeBytes { Data($0) }.base64EncodedString()
                let embedding = isBase64 ? "\"\(base64)\"" : "[\(vector[0]),\(vector[1])]"
                return #"{"index":\#(index),"embedding":\#(embedding)}"#
            }
            // In the wrong order, which the protocol allows.
            try connection.answer(#"{"data":[\#(data.reversed().joined(separator: ","))]}"#)
        }
    }

    private func embed(_ model: EmbeddingModel, _ texts: [String]) async throws -> [String] {
        try await model.embed(texts.map { EmbedRequest(text: $0) }).map { result in
            switch result {
            case .success(let vector): "\(Int(vector[0]))"
            case .failure(let error): "\(error)"
            }
        }
    }

    @Test(arguments: ["base64", "float"])
    func `embeds in the order of the texts`(encoding: String) async throws {
        let server = try server()
        let model = try model(server, ["encoding_format": encoding, "dimensions": "2"])
        #expect(try await embed(model, ["a", "bb", "ccc"]) == ["1", "2", "3"])
        let request = try #require(server.received.first)
        #expect(server.received.count == 1)
        #expect(request.path == "/v1/embeddings")
        #expect(request.json["encoding_format"] as? String == encoding)
        #expect(request.json["dimensions"] as? Int == 2)
        #expect(try await model.info == EmbedderInfo(modelName: "m", dimension: 2))
        #expect(server.received.count == 1)
    }

    @Test func `a large batch goes in several requests`() async throws {
        let server = try server()
        let texts = (1...10).map { String(repeating: "x", count: $0) }
        #expect(
            try await embed(model(server, ["batch_size": "4"]), texts)
                == texts.map { "\($0.utf8.count)" })
        #expect(server.received.map { ($0.json["input"] as? [String])?.count } == [4, 4, 2])
    }

    @Test func `a server that knows no base64 is asked for numbers`() async throws {
        let server = try server(knowsBase64: false)
        let model = try model(server)
        #expect(try await embed(model, ["a"]) == ["1"])
        #expect(try await embed(model, ["bb"]) == ["2"])
        #expect(
            server.received.map { $0.json["encoding_format"] as? String } == [
                "base64", "float", "float",
            ])
    }

    @Test func `a text that is refused fails alone`() async throws {
        let server = try server { $0.contains("bad") ? "no bad texts" : nil }
        let texts = (0..<16).map { $0 == 5 || $0 == 11 ? "bad" : String(repeating: "x", count: $0) }
        let answers = try await embed(model(server), texts)
        let refusal = "'\(server.url)' answered with status 400: no bad texts"
        #expect(answers == texts.map { $0 == "bad" ? refusal : "\($0.utf8.count)" })
    }

    @Test func `a server's own limit is found`() async throws {
        let server = try server { $0.count > 3 ? "batch too large" : nil }
        let texts = (1...10).map { String(repeating: "x", count: $0) }
        #expect(try await embed(model(server), texts) == texts.map { "\($0.utf8.count)" })
    }

    @Test func `what goes wrong with all of them is thrown`() async throws {
        let server = try Loopback { _, connection in try connection.answer("", status: 429) }
        await #expect(
            throws: CallError(
                .exhausted, "'\(server.url)' answered with status 429 (tried 2 times)")
        ) { try await model(server).embed([EmbedRequest(text: "a"), EmbedRequest(text: "b")]) }
    }

    @Test func `prefixes tell queries and documents apart`() async throws {
        let server = try server()
        let model = try model(server, ["query_prefix": "query: ", "document_prefix": "passage: "])
        _ = try await model.embed([
            EmbedRequest(text: "a", type: .query), EmbedRequest(text: "b", type: .document),
            EmbedRequest(text: "c"),
        ])
        #expect(
            server.received.first?.json["input"] as? [String] == ["query: a", "passage: b", "c"])
    }

    @Test func `the dimension is asked for once if no setting gives it`() async throws {
        let server = try server()
        let model = try model(server)
        #expect(try await model.info.dimension == 2)
        #expect(try await model.info.dimension == 2)
        #expect(server.received.count == 1)
    }

    @Test(
        arguments: [
            (["dimensions": "3"], "[1,2]", "a vector of 2 numbers, expected 3; see 'dimensions'"),
            ([:], "[]", "a vector of 0 numbers, expected 1"),
            ([:], "[1,1e999]", "a vector whose number 2 is inf"),
            ([:], "\"AADAfw==\"", "a vector whose number 1 is nan"),
        ] as [([String: String], String, String)])
    func `a vector that cannot be used is refused`(
        settings: [String: String], embedding: String, problem: String
    ) async throws {
        let server = try Loopback { _, connection in
            try connection.answer(#"{"data":[{"embedding":\#(embedding)}]}"#)
        }
        #expect(
            try await embed(model(server, settings), ["a"]) == ["'\(server.url)' sent \(problem)"])
    }

    @Test func `all vectors are as long as the first`() async throws {
        let server = try Loopback { request, connection in
            try connection.answer(
                #"{"data":[{"embedding":\#(request.number == 0 ? "[1]" : "[1,2]")}]}"#)
        }
        let model = try model(server)
        #expect(try await embed(model, ["a"]) == ["1"])
        #expect(
            try await embed(model, ["b"])
                == ["'\(server.url)' sent a vector of 2 numbers, expected 1"])
    }
}
