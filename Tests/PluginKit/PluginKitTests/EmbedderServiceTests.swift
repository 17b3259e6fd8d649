import GRPC
import Messages
import SwiftProtobuf
import Testing

@Suite struct EmbedderServiceTests {
    @Test(
        arguments: [
            ("four", "", [4, 4, 4]), ("four", "query", [4.5, 4.5, 4.5]),
            ("", "document", [0, 0, 0]), ("four", "of a later version", [4, 4, 4]),
        ] as [(String, String, [Float])])
    func `embeds`(text: String, type: String, vector: [Float]) async throws {
        try await withHost(of: SingleEmbedder()) { host in
            let answer = try await host.embed(text, as: type)
            #expect(answer.vector == vector)
            #expect(answer.error == "")
        }
    }

    @Test(arguments: [
        ("fail", "cannot embed 'fail'"), ("silent", "failed without saying why"),
    ])
    func `an error is in the answer`(text: String, error: String) async throws {
        try await withHost(of: SingleEmbedder()) { host in
            let answer = try await host.embed(text)
            #expect(answer.error == error)
            #expect(answer.vector == [])
        }
    }

    @Test func `settings count, and what is wrong with them is reported`() async throws {
        try await withHost(of: SingleEmbedder()) { host in
            #expect(try await host.status() == "loading")
            let refused = try await host.initialize(["dimension": "many"])
            #expect(!refused.success)
            #expect(
                refused.error
                    == "setting 'dimension' is 'many': expected a whole number from 1 to 10")
            #expect(try await host.status() == "error")

            let accepted = try await host.initialize(["dimension": "2"])
            #expect(accepted.success && accepted.error == "")
            #expect(try await host.status() == "ready")
            #expect(try await host.embed("four").vector == [4, 4])
            let info = try await host.call(
                EmbedderMethod.getEmbedderInfo, Hector_Plugin_Empty(),
                Hector_Plugin_EmbedderInfo.self)
            #expect(info.modelName == "length" && info.dimension == 2)
        }
    }

    @Test func `settings that have been taken stay`() async throws {
        let plugin = SingleEmbedder()
        try await withHost(of: plugin) { (host: Host) async throws -> Void in
            #expect(try await host.initialize(["dimension": "2"]).success)
            #expect(try await host.initialize([:]).success)
            #expect(try await host.initialize(["dimension": "2"]).success)
            let error = await #expect(throws: GRPCError.self) {
                try await host.initialize(["dimension": "3"])
            }
            #expect(error?.code == .failedPrecondition)
            #expect(
                error?.message
                    == "it is in use already and keeps its settings: 'dimension' is '2', not '3'")
            #expect(try await host.status() == "ready")
            #expect(try await host.embed("four").vector == [4, 4])
            #expect(plugin.journal.all == ["configure"])
        }
    }

    @Test func `of hosts that come at the same time one gives its settings`() async throws {
        let plugin = SingleEmbedder()
        try await withHost(of: plugin) { (host: Host) async throws -> Void in
            let taken = await withTaskGroup { group in
                for dimension in 1...8 {
                    group.addTask {
                        let answer = try? await host.initialize(["dimension": "\(dimension)"])
                        return answer?.success == true ? dimension : nil
                    }
                }
                var taken: [Int] = []
                for await dimension in group { if let dimension { taken.append(dimension) } }
                return taken
            }
            #expect(taken.count == 1)
            #expect(try await host.embed("four").vector.count == taken.first)
            #expect(plugin.journal.all == ["configure"])
        }
    }

    @Test func `a plugin without settings refuses any`() async throws {
        try await withHost(of: BatchEmbedder()) { host in
            let answer = try await host.initialize(["dimension": "2"])
            #expect(!answer.success)
            #expect(answer.error == "unknown setting 'dimension': expected none")
        }
    }

    @Test func `tells its health and its manifest`() async throws {
        try await withHost(of: SingleEmbedder()) { host in
            let health = try await host.call(
                EmbedderMethod.health, Hector_Plugin_HealthRequest(),
                Hector_Plugin_HealthResponse.self)
            #expect(!health.healthy && health.message == "not feeling well")

            let manifest = try await host.call(
                EmbedderMethod.getManifest, Hector_Plugin_ManifestRequest(),
                Hector_Plugin_ManifestResponse.self)
            let expected = Hector_Plugin_ManifestResponse.with {
                $0.name = "single"
                $0.version = "1.2.3"
                $0.author = "A"
                $0.description_p = "Counts."
                $0.type = "embedder_provider"
                $0.protocol = "grpc"
                $0.hectorVersion = ">=0.1.0"
                $0.capabilities = ["batch": "false"]
            }
            #expect(manifest == expected)
        }
    }

    @Test func `has no batch service without the method`() async throws {
        try await withHost(of: SingleEmbedder()) { host in
            let error = await #expect(throws: GRPCError.self) {
                try await host.embedBatch(["one"])
            }
            #expect(error?.code == .unimplemented)
        }
    }

    @Test func `has the single method if it has the batch method`() async throws {
        try await withHost(of: BatchEmbedder()) { host in
            let answer = try await host.embed("four")
            #expect(answer.vector == [4])
            let failed = try await host.embed("fail")
            #expect(failed.error == "cannot embed 'fail'")
            let missing = try await host.embed("too few")
            #expect(missing.error == "the plugin gave 0 results for 1 requests")
        }
    }

    @Test(arguments: [
        ([], []),
        (["one"], ["3"]),
        (["one", "fail", "three"], ["3", "cannot embed 'fail'", "5"]),
        (["one", "all fail"], ["all of them", "all of them"]),
        (["too few", "x"], Array(repeating: "the plugin gave 0 results for 2 requests", count: 2)),
    ])
    func `each item of a batch has its own answer`(
        texts: [String], answers: [String]
    ) async throws {
        try await withHost(of: BatchEmbedder()) { host in
            let responses = try await host.embedBatch(texts)
            #expect(
                responses.map { $0.error.isEmpty ? "\(Int($0.vector[0]))" : $0.error } == answers)
        }
    }

    @Test func `a batch of more than 4 MiB comes through`() async throws {
        try await withHost(of: BatchEmbedder()) { host in
            let texts = (0..<520).map { String(repeating: "x", count: 8 * 1024 + $0) }
            let responses = try await host.embedBatch(texts)
            #expect(responses.map(\.vector) == texts.map { [Float($0.utf8.count)] })
        }
    }

    @Test func `bytes that are no message are refused`() async throws {
        try await withHost(of: SingleEmbedder()) { host in
            let error = await #expect(throws: GRPCError.self) {
                try await host.channel.unary(EmbedderMethod.embed, [0xFF, 0xFF])
            }
            #expect(error?.code == .internal)
            #expect(error?.message == "the request is not a hector.plugin.EmbedRequest")
        }
    }
}

extension Host {
    func embed(_ text: String, as type: String = "") async throws -> Hector_Plugin_EmbedResponse {
        let request = Hector_Plugin_EmbedRequest.with {
            $0.text = text
            $0.inputType = type
        }
        return try await call(EmbedderMethod.embed, request, Hector_Plugin_EmbedResponse.self)
    }

    func embedBatch(_ texts: [String]) async throws -> [Hector_Plugin_EmbedResponse] {
        let request = Hector_Plugin_EmbedBatchRequest.with {
            $0.requests = texts.map { text in .with { $0.text = text } }
        }
        return try await call(
            EmbedderBatchMethod.embedBatch, request, Hector_Plugin_EmbedBatchResponse.self
        ).responses
    }

    func initialize(
        _ settings: [String: String]
    ) async throws -> Hector_Plugin_InitializeResponse {
        try await call(
            EmbedderMethod.initialize,
            Hector_Plugin_InitializeRequest.with { $0.config = settings },
            Hector_Plugin_InitializeResponse.self)
    }

    func status() async throws -> String {
        try await call(
            EmbedderMethod.getStatus, Hector_Plugin_StatusRequest(),
            Hector_Plugin_StatusResponse.self
        ).status
    }
}
