import Anthropic
import Foundation
import PluginKit
import TestSupport
import Testing

/// The model against recorded streams and errors.
@Suite(.timeLimit(.minutes(10))) struct MessagesServerTests {
    private func model(
        _ server: Loopback, _ settings: [String: String] = [:]
    ) throws -> MessagesModel {
        let standard = [
            "base_url": server.url, "model": "claude-x", "api_key": "sk-ant-secret-0123",
            "retry_delay": "1ms", "max_retries": "2",
        ]
        return MessagesModel(
            try MessagesSettings(
                Configuration(settings.merging(standard) { own, _ in own }), environment: [:]),
            log: Logger("", least: .error))
    }

    @Test func `asks as the documentation has it`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(
                #"{"content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"}"#)
        }
        #expect(try await model(server).generate(ask("hi")).text == "hi")
        let request = try #require(server.received.first)
        #expect(request.path == "/v1/messages")
        #expect(request.headers["x-api-key"] == "sk-ant-secret-0123")
        #expect(request.headers["anthropic-version"] == "2023-06-01")
        #expect(request.headers["authorization"] == nil)
    }

    @Test(arguments: [1, 7, 100_000])
    func `a recorded stream is an answer, however it is cut`(size: Int) async throws {
        let bytes = Array(try RecordedStream("anthropic/tools").text.utf8)
        let server = try Loopback { _, connection in
            try connection.begin()
            for start in stride(from: 0, to: bytes.count, by: size) {
                try connection.chunk(bytes[start..<min(start + size, bytes.count)])
            }
            try connection.end()
        }
        let pieces = Pieces()
        let summary = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "I look.")
        #expect(pieces.calls.map(\.id) == ["toolu_01", "toolu_02"])
        #expect(summary.tokensUsed == 561)
        #expect(summary.finishReason == "tool_calls")
        #expect(server.received.first?.json["stream"] as? Bool == true)
    }

    @Test func `overload is tried again, in the stream and before it`() async throws {
        let streams = [
            try RecordedStream("anthropic/error").text, try RecordedStream("anthropic/text").text,
        ]
        let server = try Loopback { request, connection in
            if request.number == 0 {
                return try connection.answer(
                    #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                    status: 529)
            }
            try connection.begin()
            try connection.chunk(streams[request.number - 1])
            try connection.end()
        }
        let pieces = Pieces()
        _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Grüß Gott!")
        #expect(server.received.count == 3)
    }

    @Test func `a stream that is cut is an error`() async throws {
        let text = try RecordedStream("anthropic/text").text
        let cut = String(text[..<(text.range(of: "event: content_block_stop")!.lowerBound)])
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.chunk(cut)
            try connection.end()
        }
        let pieces = Pieces()
        await #expect(
            throws: CallError(.unavailable, "'\(server.url)' ended its answer too early")
        ) { try await model(server).generate(ask("hi"), sendingTo: pieces.writer) }
        #expect(pieces.text == "Grüß Gott!")
    }

    @Test func `a rate limit is reported as one`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(
                #"{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}"#,
                status: 429)
        }
        await #expect(
            throws: CallError(
                .exhausted,
                "'\(server.url)' answered with status 429: Slow down (tried 3 times)")
        ) { try await model(server).generate(ask("hi")) }
    }

    @Test func `thoughts go back with the results of the calls`() async throws {
        let streams = [
            try RecordedStream("anthropic/thinking").text,
            try RecordedStream("anthropic/text").text,
        ]
        let server = try Loopback { request, connection in
            try connection.begin()
            try connection.chunk(streams[request.number])
            try connection.end()
        }
        let model = try model(
            server,
            ["parameters": #"{"thinking":{"type":"enabled","budget_tokens":1024}}"#])
        let pieces = Pieces()
        let summary = try await model.generate(ask("27 * 453?"), sendingTo: pieces.writer)
        var next = ask("27 * 453?")
        next.messages += [
            Message(
                role: .assistant, content: "", toolCalls: pieces.calls,
                reasoning: summary.reasoning),
            Message(role: .tool, content: "12231", toolCallID: "toolu_03"),
        ]
        _ = try await model.generate(next, sendingTo: pieces.writer)
        let messages = try #require(server.received[1].json["messages"] as? [[String: Any]])
        let blocks = try #require(messages[1]["content"] as? [[String: Any]])
        #expect(
            blocks.map { $0["type"] as? String } == [
                "thinking", "redacted_thinking", "tool_use",
            ])
        #expect(blocks[0]["signature"] as? String == "EqQBCgIYAhIM1g==")
    }
}
