import ChatModel
import Foundation
import GRPC
import PluginHost
import Synchronization
import TestSupport
import Testing

/// Plugins on HashiCorp's go-plugin.
@Suite struct GoTests {
    @Test(arguments: [nil, true])
    func `an embedder answers, with certificates and without`(mutualTLS: Bool?) async throws {
        let vector = try await run("go-embedder", Embedder.service, mutualTLS: mutualTLS) {
            plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            let dimension = try await embedder.info().dimension
            #expect(dimension == 384)
            return try await embedder.embed(["hello"])[0].get()
        }
        #expect(vector.count == 384)
        #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    }

    @Test func `an embedder with batches gives what single calls give`() async throws {
        let texts = (0..<100).map { "text \($0)" }
        let alone = try await run("go-embedder", Embedder.service) { plugin in
            await Embedder(plugin, timeout: .seconds(30)).embed(texts).map(\.value)
        }
        let together = try await run(
            "go-embedder", Embedder.service, environment: ["GO_EMBEDDER_BATCH": "1"]
        ) { plugin in
            await Embedder(plugin, timeout: .seconds(30)).embed(texts).map(\.value)
        }
        #expect(alone == together)
        #expect(alone.allSatisfy { $0?.count == 384 })
    }

    @Test(arguments: [nil, true])
    func `a language model answers`(mutualTLS: Bool?) async throws {
        try await run("go-llm", LLM.service, mutualTLS: mutualTLS, configuration: ["model": "m"]) {
            plugin in
            let llm = LLM(plugin, timeout: .seconds(30))
            let model = try await llm.info().modelName
            #expect(model == "m")
            let answer = try await llm.generate(
                LLM.Request(messages: [ChatMessage(role: .user, content: "one two three")]))
            #expect(answer.text == "three two one")
            #expect(answer.tokens == 3)
        }
    }

    @Test func `a language model's answer comes piece by piece`() async throws {
        try await run("go-llm", LLM.service) { plugin in
            var pieces: [String] = []
            let answer = try await LLM(plugin, timeout: .seconds(30)).stream(
                LLM.Request(messages: [ChatMessage(role: .user, content: "one two three")])
            ) { pieces.append($0) }
            // Texts that arrived together may be one.
            #expect(pieces.joined() == "three two one")
            #expect(answer.text == "three two one")
        }
    }

    @Test func `a language model may ask for a tool`() async throws {
        try await run("go-llm", LLM.service) { plugin in
            let request = LLM.Request(
                messages: [ChatMessage(role: .user, content: "hi")],
                tools: [ToolDefinition(name: "greet", description: "Greets.", parameters: "{}")])
            let llm = LLM(plugin, timeout: .seconds(30))
            let call = ToolCall(id: "call_1", name: "greet", arguments: #"{"text":"hi"}"#)
            let whole = try await llm.generate(request)
            #expect(whole.toolCalls == [call])
            let streamed = try await llm.stream(request) { _ in }
            #expect(streamed.toolCalls == [call])
        }
    }

    @Test func `a language model's error is reported`() async throws {
        try await run("go-llm", LLM.service) { plugin in
            let request = LLM.Request(messages: [
                ChatMessage(role: .user, content: "fail over")
            ])
            let llm = LLM(plugin, timeout: .seconds(30))
            for error in [
                await #expect(throws: PluginError.self) { _ = try await llm.generate(request) },
                await #expect(throws: PluginError.self) {
                    _ = try await llm.stream(request) { _ in }
                },
            ] {
                #expect(error == PluginError(.failed, "plugin 'go-llm': over"))
            }
        }
    }

    @Test func `a plugin of another kind is found out`() async throws {
        let error = await #expect(throws: PluginError.self) {
            try await run("go-llm", Embedder.service) { try await $0.start() }
        }
        #expect(error?.code == .configuration)
        #expect(
            error?.message.contains(
                "is of the kind llm_provider: it serves hector.plugin.LLMProvider") == true)
    }

    @Test func `what it prints does not block it and its log is understood`() async throws {
        let lines = Mutex([LogLine]())
        try await run("go-llm", LLM.service, log: { line in lines.withLock { $0.append(line) } }) {
            try await $0.start()
        }
        #expect(lines.withLock { $0 }.contains { $0.message.hasPrefix("plugin address address=") })
    }

    @Test(arguments: ["GO_EMBEDDER_IDLE", "GO_EMBEDDER_AGE"], [nil, true])
    func `a connection that it closes is made again`(limit: String, mutualTLS: Bool?) async throws {
        let lines = Mutex([LogLine]())
        let (vectors, starts) = try await run(
            "go-embedder", Embedder.service, mutualTLS: mutualTLS, environment: [limit: "300ms"],
            log: { line in lines.withLock { $0.append(line) } }
        ) { plugin in
            let embedder = Embedder(plugin, timeout: .seconds(30))
            var vectors: [Int?] = []
            for text in ["a", "b", "c", "d"] {
                vectors.append(await embedder.embed([text])[0].value?.count)
                // The test waits for the plugin's clock, which no other process can read.
                try await Task.sleep(for: .milliseconds(700))
            }
            return (vectors, plugin.starts)
        }
        #expect(vectors == [384, 384, 384, 384])
        #expect(starts == 1)
        let warnings = lines.withLock { lines in
            lines.filter { $0.level == .warn || $0.level == .error }.map(\.message)
        }
        #expect(warnings == [])
    }

    private func run<R: Sendable>(
        _ name: String, _ service: String, mutualTLS: Bool? = nil,
        configuration: [String: String] = [:], environment: [String: String] = [:],
        log: @escaping @Sendable (LogLine) -> Void = { _ in },
        _ body: @Sendable (Plugin) async throws -> R
    ) async throws -> R {
        let directory = try TemporaryFolder()
        defer {
            #expect((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) == [])
        }
        let own = ["PATH": "/usr/bin:/bin", "TMPDIR": directory.path]
        let specification = Specification(
            name: name, service: service, location: .executable(Foreign.path(name)),
            configuration: configuration, mutualTLS: mutualTLS,
            environment: own.merging(environment) { $1 })
        return try await withPluginQueue { queue in
            try await withPlugin(specification, queue: queue, log: log) { try await body($0) }
        }
    }
}
