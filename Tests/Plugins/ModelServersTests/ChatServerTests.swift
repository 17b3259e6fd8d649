import Foundation
import OpenAI
import PluginKit
import TestSupport
import Testing

/// The model against a server that behaves well, if in its own way.
@Suite(.timeLimit(.minutes(10))) struct ChatServerTests: ChatServers {
    @Test func `asks as the protocol has it`() async throws {
        let server = try Loopback { _, connection in try connection.answer(Self.whole) }
        let answer = try await model(server, ["headers": #"{"X-Team":"search"}"#])
            .generate(ask("hi"))
        #expect(answer.text == "Hello")
        let request = try #require(server.received.first)
        #expect(request.method == "POST")
        #expect(request.path == "/v1/chat/completions")
        #expect(request.headers["authorization"] == "Bearer \(Self.key)")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-team"] == "search")
        #expect(request.json["stream"] == nil)
    }

    @Test func `a local server gets no key`() async throws {
        let server = try Loopback { _, connection in try connection.answer(Self.whole) }
        _ = try await model(server, ["api_key": ""]).generate(ask("hi"))
        #expect(server.received.first?.headers["authorization"] == nil)
    }

    @Test func `pieces are handed on as they come`() async throws {
        let isHandedOn = Signal()
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events([Self.hello[0]])
            // The rest does not come before the beginning has been handed on.
            isHandedOn.block()
            try connection.events(Array(Self.hello[1...]))
            try connection.end()
        }
        let pieces = Pieces()
        async let summary = model(server).generate(ask("hi"), sendingTo: pieces.writer)
        while pieces.texts != ["Hel"] { await Task.yield() }
        isHandedOn.give()
        #expect(try await summary.finishReason == "stop")
        #expect(pieces.texts == ["Hel", "lo"])
    }

    @Test func `text is whole wherever the bytes of it are cut`() async throws {
        let text =
            "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße €😀\"}}]}\r\n\r\ndata: [DONE]\r\n\r\n"
        let bytes = Array(text.utf8)
        // Cuts in the middle of a letter, too.
        for cut in stride(from: 0, to: bytes.count, by: 3) {
            let server = try Loopback { _, connection in
                try connection.begin()
                try connection.chunk(bytes[..<max(cut, 1)])
                try connection.chunk(bytes[max(cut, 1)...])
                try connection.end()
            }
            let pieces = Pieces()
            _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
            #expect(pieces.text == "Grüße €😀")
        }
    }

    @Test func `bytes that come one by one are an answer all the same`() async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            for event in Self.hello {
                for byte in "data: \(event)\n\n".utf8 { try connection.chunk([byte]) }
            }
            try connection.end()
        }
        let pieces = Pieces()
        _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
    }

    @Test func `a connection is used again after a stream`() async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events(Self.hello)
            try connection.end()
        }
        let model = try model(server)
        for _ in 0..<3 { _ = try await model.generate(ask("hi"), sendingTo: Pieces().writer) }
        #expect(server.received.count == 3)
        #expect(server.connections == 1)
    }

    @Test func `a stream that stays open when all is said is left`() async throws {
        let isLeft = Signal()
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events(Self.hello)
            connection.waitForEnd()
            isLeft.give()
        }
        let pieces = Pieces()
        _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
        await isLeft.wait()
    }

    @Test func `a server that does not stream is understood`() async throws {
        let server = try Loopback { _, connection in try connection.answer(Self.whole) }
        let pieces = Pieces()
        let summary = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
        #expect(summary.finishReason == "stop")
    }

    @Test func `the only model there is need not be named`() async throws {
        let server = try Loopback { request, connection in
            try connection.answer(
                request.path == "/v1/models" ? #"{"data":[{"id":"the-one"}]}"# : Self.whole)
        }
        let model = try model(server, ["model": ""])
        #expect(try await model.generate(ask("hi")).text == "Hello")
        #expect(try await model.generate(ask("hi")).text == "Hello")
        #expect(
            server.received.map(\.path) == [
                "/v1/models", "/v1/chat/completions", "/v1/chat/completions",
            ])
        #expect(server.received[1].json["model"] as? String == "the-one")
        #expect(try await model.info.modelName == "the-one")
    }

    @Test func `one of many models has to be named`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(#"{"data":[{"id":"a"},{"id":"b"}]}"#)
        }
        await #expect(
            throws: CallError(
                .invalidArgument, "setting 'model' is missing: '\(server.url)' has a, b")
        ) { try await model(server, ["model": ""]).generate(ask("hi")) }
    }
}
