import Anthropic
import Foundation
import OpenAI
import PluginKit
import TestSupport
import Testing

/// Streams of servers, from reports by users of this client and of others, and their results,
/// whether a stream was requested or not.
@Suite(.timeLimit(.minutes(20))) struct StreamTableTests: ChatServers {
    @Test(arguments: RecordedStream.all(in: "openai"), [false, true])
    func `of OpenAI's form`(stream: RecordedStream, streams: Bool) async throws {
        try await check(stream, streams: streams) { server in
            let model = try model(server, ["max_retries": "0"])
            return (model.generate, model.generate)
        }
    }

    @Test(arguments: RecordedStream.all(in: "anthropic"), [false, true])
    func `of Anthropic's form`(stream: RecordedStream, streams: Bool) async throws {
        try await check(stream, streams: streams) { server in
            let settings = [
                "base_url": server.url, "model": "claude-x", "api_key": "sk-ant-secret-0123",
                "max_retries": "0",
            ]
            let model = MessagesModel(
                try MessagesSettings(Configuration(settings), environment: [:]),
                log: Logger("", least: .error))
            return (model.generate, model.generate)
        }
    }

    @Test func `are many, and many of them were met by others`() throws {
        let all = RecordedStream.all(in: "openai") + RecordedStream.all(in: "anthropic")
        let reports = Set(try all.compactMap { try $0.expected.report })
        #expect(all.count >= 60)
        #expect(reports.count >= 30)
        #expect(reports.allSatisfy { $0.wholeMatch(of: /[\w.-]+\/[\w.-]+#\d+/) != nil })
    }

    private typealias Methods = (
        whole: (GenerateRequest) async throws -> GenerateResponse,
        inPieces: (GenerateRequest, AnswerWriter) async throws -> GenerateSummary
    )

    private func check(
        _ stream: RecordedStream, streams: Bool, _ methods: (Loopback) throws -> Methods
    ) async throws {
        let expected = try stream.expected
        for size in [7, 100_000] {
            let server = try Loopback { _, connection in
                try send(stream, expected, in: size, connection)
            }
            var request = ask("hi")
            request.tools = (expected.tools ?? []).map {
                ToolDefinition(name: $0, description: "", parameters: "")
            }
            let pieces = Pieces()
            var response = GenerateResponse(text: "")
            do {
                let model = try methods(server)
                if streams {
                    let summary = try await model.inPieces(request, pieces.writer)
                    response = GenerateResponse(
                        text: pieces.text, toolCalls: pieces.calls, summary: summary)
                } else {
                    response = try await model.whole(request)
                }
                #expect(expected.error == nil)
            } catch {
                let message = expected.error?.message.replacing("%", with: server.url)
                #expect("\(error)" == message)
                #expect((error as? CallError).map { "\($0.kind)" } == expected.error?.kind)
                response.text = pieces.text
                if !streams { continue }
            }
            #expect(response.text == expected.text ?? "")
            let calls = (expected.calls ?? []).map {
                ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments)
            }
            #expect(response.toolCalls == calls)
            let summary = response.summary
            #expect(summary.finishReason == expected.finishReason ?? "")
            #expect(summary.usage == expected.usage ?? [:])
            #expect(summary.reasoning.text == expected.reasoning ?? "")
            let details = summary.reasoning.details.replacing(server.url, with: "%")
            let value = try? JSONDecoder().decode(
                RecordedStream.Details.self, from: Data(details.utf8))
            // If the reasoning does not go back, only its server is known.
            if let expected = expected.details { #expect(value == expected) }
        }
    }

    private func send(
        _ stream: RecordedStream, _ expected: RecordedStream.Expected, in size: Int,
        _ connection: Connection
    ) throws {
        let type = expected.type ?? (stream.isWhole ? "application/json" : "text/event-stream")
        if stream.isWhole, size > stream.bytes.count {
            return try connection.answer(stream.text, status: expected.status ?? 200, type: type)
        }
        try connection.begin(expected.status ?? 200, type: type)
        for start in stride(from: 0, to: stream.bytes.count, by: size) {
            try connection.chunk(stream.bytes[start..<min(start + size, stream.bytes.count)])
        }
        try connection.end()
    }
}
