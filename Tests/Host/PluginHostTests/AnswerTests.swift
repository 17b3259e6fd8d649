import Foundation
import GRPC
import Messages
import Synchronization
import TestSupport
import Testing

@testable import PluginHost

/// Answers that no plugin library would give, from a server in this process.
@Suite(.timeLimit(.minutes(10))) struct AnswerTests {
    private static let embed = "/\(Embedder.service)/Embed"
    private static let info = "/\(Embedder.service)/GetEmbedderInfo"
    private static let initialize = "/\(Embedder.service)/Initialize"

    @Test(arguments: [
        (GRPCError.Code.unavailable, PluginError.Code.unavailable),
        (.deadlineExceeded, .unavailable), (.aborted, .unavailable),
        (.resourceExhausted, .exhausted), (.permissionDenied, .notPermitted),
        (.unauthenticated, .notPermitted), (.invalidArgument, .configuration),
        (.unknown, .configuration),
    ])
    func `a status that ends Initialize is the plugin's own and says what to do`(
        status: GRPCError.Code, code: PluginError.Code
    ) async throws {
        let error = try await initializing { throw GRPCError(status, "the model is away") }
        #expect(error?.code == code)
        #expect(error?.message.contains("the model is away") == true, "\(error?.message ?? "")")
    }

    @Test func `bytes that are not an answer to Initialize make the plugin unavailable`()
        async throws
    {
        let error = try await initializing { [0xff, 0xff, 0xff] }
        #expect(error?.code == .unavailable)
        #expect(
            error?.message.contains("bytes that are no hector.plugin.InitializeResponse") == true)
    }

    @Test func `text that is not UTF-8 is the plugin's fault, and its field is named`()
        async throws
    {
        let answers = Mutex([[0x12, 2, 0xc3, 0x28], Self.vector(2)] as [[UInt8]])
        let results = try await embedding(["a", "b"]) { answers.withLock { $0.removeFirst() } }
        #expect(results[0].error?.code == .misbehaved)
        #expect(
            results[0].error?.message
                == "plugin 'it' answered Embed with text that is not UTF-8 in the field 'error' of "
                + "hector.plugin.EmbedResponse")
        #expect(results[1].value == [1, 1])
        let error = try await initializing { [8, 0, 0x12, 1, 0xff] }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("answered Initialize with text that is not UTF-8") == true)
    }

    @Test(
        arguments: [
            // A good result before the bad one; the bad field after a good one.
            ([10, 3, 10, 1, 97, 10, 6, 10, 1, 98, 26, 1, 0xff], "results.content"),
            // A value of a map, and a key.
            ([10, 8, 42, 6, 10, 1, 107, 18, 1, 0xff], "results.metadata.value"),
            ([10, 5, 42, 3, 10, 1, 0xff], "results.metadata.key"),
            ([18, 1, 0xff], "error"),
            // Bytes that need not be UTF-8 and are not: the vector of a result.
            ([10, 9, 34, 4, 0xff, 0xff, 0xff, 0x7f, 10, 1, 0xff], "results.id"),
        ] as [([UInt8], String)])
    func `the field that is not UTF-8 is found however deep it is`(bytes: [UInt8], field: String) {
        let error = #expect(throws: AnswerError.self) {
            let _: Hector_Plugin_SearchResponse = try decodeAnswer(bytes)
        }
        #expect(
            error?.problem == "with text that is not UTF-8 in the field '\(field)' of "
                + "hector.plugin.SearchResponse")
    }

    @Test func `a status without a message is named`() async throws {
        let error = try await initializing { throw GRPCError(.failedPrecondition, "") }
        #expect(error?.message.hasSuffix(": status FAILED_PRECONDITION without a message") == true)
    }

    @Test func `a plugin's own deadline keeps its words`() async throws {
        let error = try await embedding(["a"]) {
            throw GRPCError(.deadlineExceeded, "the model server took 3 s")
        }[0].error
        #expect(error?.code == .timeout)
        #expect(error?.message == "plugin 'it': the model server took 3 s")
    }

    @Test func `our own deadline is reported with our time`() async throws {
        let error = try await embedding(["a"], timeout: .milliseconds(100)) {
            try await Task.sleep(for: .seconds(600))
            return []
        }[0].error
        #expect(error?.code == .timeout)
        #expect(error?.message == "plugin 'it' did not answer within 0.1 seconds")
    }

    @Test(arguments: [0, 1]) func `the dimension that a plugin tells holds for its first vector`(
        wrong: Int
    ) async throws {
        let calls = Mutex(0)
        let results = try await embedding(["a", "b", "c"], dimension: 2) {
            let call = calls.withLock { calls in
                defer { calls += 1 }
                return calls
            }
            return Self.vector(call == wrong ? 3 : 2)
        }
        #expect(results.map { $0.value?.count } == [0, 1, 2].map { $0 == wrong ? nil : 2 })
        #expect(results[wrong].error?.code == .misbehaved)
    }

    @Test func `a plugin that does not tell its dimension is held to its first vector`()
        async throws
    {
        let calls = Mutex(0)
        let results = try await embedding(["a", "b", "c"], dimension: nil) {
            let call = calls.withLock { calls in
                defer { calls += 1 }
                return calls
            }
            return Self.vector(call == 1 ? 3 : 2)
        }
        #expect(results.map { $0.value?.count } == [2, nil, 2])
    }

    private static let done: [UInt8] = [8, 2]
    private static func text(_ text: String) -> [UInt8] {
        [0x12, UInt8(text.utf8.count)] + text.utf8
    }

    @Test(arguments: [
        [text("ha"), done, text("nothing")], [text("ha"), done, [8, 3, 0x22, 1, 0x78]],
        [text("ha"), done, done], [text("ha"), done, [0xff, 0xff]], [text("ha"), done],
    ])
    func `nothing counts after DONE`(chunks: [[UInt8]]) async throws {
        for ending in [GRPCError?.none, GRPCError(.internal, "too late")] {
            let answer = try await generating { writer in
                for chunk in chunks { try await writer.send(chunk) }
                if let ending { throw ending }
            }
            #expect(answer.text == "ha")
        }
    }

    @Test func `a stream that does not end after DONE is ended`() async throws {
        let answer = try await generating { writer in
            try await writer.send(Self.text("ha"))
            try await writer.send(Self.done)
            try await Task.sleep(for: .seconds(600))
        }
        #expect(answer.text == "ha")
    }

    @Test(
        arguments: [
            ([(1, "a"), (0.5, "b")], ["a", "b"], 0),
            ([(0.5, "b"), (1, "a"), (0.5, "c")], ["a", "b", "c"], 1),
            ([(1, "a"), (.nan, "b"), (0.5, "c")], ["a", "c"], 1),
            ([(.infinity, "a"), (1, "b")], ["b"], 1),
            ([(0.5, "a"), (1, "a"), (0.7, "b")], ["a", "b"], 2),
            ([(1, "\u{e9}"), (0.5, "e\u{301}")], ["\u{e9}", "e\u{301}"], 0),
            ([(.nan, "a")], [], 1), ([], [], 0),
        ] as [([(Float, String)], [String], Int)])
    func `results are sorted, without what is not a number and without an id twice`(
        results: [(Float, String)], ids: [String], defects: Int
    ) {
        let ranking = ranked(results, score: \.0, id: \.1)
        #expect(ranking.results.map { Array($0.1.utf8) } == ids.map { Array($0.utf8) })
        #expect(ranking.defects.count == defects)
    }

    // MARK: Plugins

    /// An EmbedResponse with that many ones.
    private static func vector(_ count: Int) -> [UInt8] {
        [0x0a, UInt8(4 * count)] + (0..<count).flatMap { _ in [0, 0, 0x80, 0x3f] as [UInt8] }
    }

    private static let health = Handler.unary("/grpc.health.v1.Health/Check") { _, _ in [8, 1] }

    /// - Returns: The reason why a plugin that answers Initialize like this cannot be used.
    private func initializing(
        _ answer: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> PluginError? {
        try await plugin([.unary(Self.initialize) { _, _ in try await answer() }]) { plugin in
            do {
                try await plugin.start()
                return nil
            } catch {
                return error as? PluginError
            }
        }
    }

    private func embedding(
        _ texts: [String], timeout: Duration = .seconds(60), dimension: UInt8? = 2,
        _ answer: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> [Result<[Float], PluginError>] {
        var handlers = [
            Handler.unary(Self.initialize) { _, _ in [8, 1] },
            Handler.unary(Self.embed) { _, _ in try await answer() },
        ]
        if let dimension { handlers.append(.unary(Self.info) { _, _ in [0x10, dimension] }) }
        return try await plugin(handlers) { plugin in
            let embedder = Embedder(plugin, timeout: timeout)
            var results: [Result<[Float], PluginError>] = []
            for text in texts { results += await embedder.embed([text]) }
            return results
        }
    }

    private func generating(
        _ answer: @escaping @Sendable (StreamWriter) async throws -> Void
    ) async throws -> LLM.Answer {
        let handlers = [
            Handler.unary("/\(LLM.service)/Initialize") { _, _ in [8, 1] },
            Handler.serverStreaming("/\(LLM.service)/GenerateStreaming") { _, writer, _ in
                try await answer(writer)
            },
        ]
        return try await plugin(handlers, service: LLM.service) { plugin in
            let request = LLM.Request(messages: [])
            return try await LLM(plugin, timeout: .seconds(600)).stream(request) { _ in }
        }
    }

    private func plugin<R: Sendable>(
        _ handlers: [Handler], service: String = Embedder.service,
        _ body: @Sendable (Plugin) async throws -> R
    ) async throws -> R {
        let directory = try TemporaryFolder()
        let address = Address.unix(directory.path + "/socket")
        let specification = Specification(
            name: "it", service: service, location: .running(address),
            configuration: ["key": "value"], environment: [:])
        return try await withCompletionQueue { queue in
            try await withServer(
                on: address, handlers: handlers + [Self.health], queue: queue
            ) { _ in
                try await withPlugin(
                    specification, queue: PluginQueue(completions: queue), log: { _ in }, body)
            }
        }
    }
}

extension Result where Failure == PluginError {
    var error: PluginError? { if case .failure(let error) = self { error } else { nil } }
    var value: Success? { try? get() }
}
