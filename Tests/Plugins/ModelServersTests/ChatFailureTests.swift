import Foundation
import OpenAI
import PluginKit
import TestSupport
import Testing

/// The model against a misbehaving server: which calls are repeated, and which errors are reported.
@Suite(.timeLimit(.minutes(10))) struct ChatFailureTests: ChatServers {
    @Test(arguments: [500, 502, 503, 408, 429], [false, true])
    func `what may pass is tried again`(status: Int, streams: Bool) async throws {
        let server = try Loopback { request, connection in
            if request.number < 2 { return try connection.answer("busy", status: status) }
            guard streams else { return try connection.answer(Self.whole) }
            try connection.begin()
            try connection.events(Self.hello)
            try connection.end()
        }
        let pieces = Pieces()
        if streams {
            _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
            #expect(pieces.text == "Hello")
        } else {
            #expect(try await model(server).generate(ask("hi")).text == "Hello")
        }
        #expect(server.received.count == 3)
    }

    @Test func `the server's own pause is kept`() async throws {
        let server = try Loopback { request, connection in
            request.number == 0
                ? try connection.answer(
                    "", status: 429, headers: ["Retry-After-Ms": "300"])
                : try connection.answer(Self.whole)
        }
        let start = ContinuousClock.now
        #expect(try await model(server).generate(ask("hi")).text == "Hello")
        #expect(ContinuousClock.now - start >= .milliseconds(300))
    }

    @Test(
        arguments: [
            (
                429, "{}", [:], 3, .exhausted,
                "'%' answered with status 429 (tried 3 times)"
            ),
            (
                429, #"{"error":{"message":"slow down"}}"#, ["Retry-After": "3600"], 1, .exhausted,
                "'%' answered with status 429: slow down; it asks to be left alone for 3600 "
                    + "seconds, and 120 is the most that is waited"
            ),
            (
                402, #"{"error":{"message":"Insufficient Balance"}}"#, [:], 1, .exhausted,
                "'%' wants to be paid first (402): Insufficient Balance"
            ),
            (
                429, #"{"error":{"message":"no money","code":"insufficient_quota"}}"#, [:], 1,
                .exhausted, "'%' answered with status 429: no money"
            ),
            (
                503, "down", ["X-Should-Retry": "false"], 1, .unavailable,
                "'%' answered with status 503: down"
            ),
            (500, "", [:], 3, .unavailable, "'%' answered with status 500 (tried 3 times)"),
            (
                400, #"{"error":{"message":"bad"}}"#, [:], 1, .invalidArgument,
                "'%' answered with status 400: bad"
            ),
            (
                401, #"{"error":{"message":"Incorrect API key: sk-sec****6789"}}"#, [:], 1,
                .notPermitted,
                "'%' refused the key (401); see 'api_key' or OPENAI_API_KEY: Incorrect API key: …"
            ),
            (
                403, "no sk-secret-0123456789", [:], 1, .notPermitted,
                "'%' does not let this 'api_key' do that (403): no …"
            ),
            (
                404, "", [:], 1, .notFound,
                "'%' has nothing at that address (404); see 'base_url'"
            ),
            (
                404, #"{"error":"model 'm' not found"}"#, [:], 1, .notFound,
                "'%' answered with status 404: model 'm' not found"
            ),
        ] as [(Int, String, [String: String], Int, CallError.Kind, String)])
    func `an error has its kind and its words`(
        status: Int, body: String, headers: [String: String], tries: Int, kind: CallError.Kind,
        message: String
    ) async throws {
        let server = try Loopback { _, connection in
            try connection.answer(body, status: status, headers: headers)
        }
        let expected = CallError(kind, message.replacing("%", with: server.url))
        await #expect(throws: expected) { try await model(server).generate(ask("hi")) }
        await #expect(throws: expected) {
            try await model(server).generate(ask("hi"), sendingTo: Pieces().writer)
        }
        #expect(server.received.count == 2 * tries)
    }

    @Test func `a server that wants a key and got none says what to do`() async throws {
        let server = try Loopback { _, connection in try connection.answer("", status: 401) }
        await #expect(
            throws: CallError(
                .notPermitted, "'\(server.url)' wants a key (401); set 'api_key' or OPENAI_API_KEY")
        ) { try await model(server, ["api_key": ""]).generate(ask("hi")) }
    }

    @Test func `a server that is not there is tried again, then reported`() async throws {
        let server = try Loopback { _, _ in }
        server.stop()
        let error = await #expect(throws: CallError.self) {
            try await model(server).generate(ask("hi"))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.hasPrefix("cannot reach '\(server.url)'") == true)
        #expect(error?.message.hasSuffix("(tried 3 times)") == true)
    }

    @Test func `a server that hangs is given up`() async throws {
        let server = try Loopback { _, connection in connection.waitForEnd() }
        await #expect(
            throws: CallError(.unavailable, "'\(server.url)' said nothing for 0.2 seconds")
        ) { try await model(server, ["timeout": "200ms"]).generate(ask("hi")) }
        #expect(server.received.count == 1)
    }

    @Test func `an error in the stream is tried again before there is text`() async throws {
        let server = try Loopback { request, connection in
            try connection.begin()
            try connection.events(
                request.number == 0
                    ? [#"{"error":{"message":"overloaded","type":"server_error"}}"#] : Self.hello)
            try connection.end()
        }
        let pieces = Pieces()
        _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
    }

    /// The ways in which a stream may end too early.
    enum Cut: CaseIterable { case closed, reset, ended, error }

    @Test(arguments: Cut.allCases)
    func `a stream that is cut is an error, and text is not asked for twice`(
        cut: Cut
    ) async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events([Self.hello[0]])
            switch cut {
            case .closed: connection.close()
            case .reset: connection.reset()
            case .ended: try connection.end()
            case .error:
                try connection.events([#"{"error":{"message":"lost","type":"server_error"}}"#])
                try connection.end()
            }
        }
        let pieces = Pieces()
        let error = await #expect(throws: CallError.self) {
            try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        }
        #expect(error?.kind == .unavailable)
        if cut == .ended { #expect(error?.message == "'\(server.url)' ended its answer too early") }
        // Text that a reset has overtaken cannot be handed on.
        if cut != .reset { #expect(pieces.text == "Hel") }
        if cut != .reset { #expect(server.received.count == 1) }
    }

    @Test func `a stream that is cut before its first text is asked for again`() async throws {
        let server = try Loopback { request, connection in
            try connection.begin()
            if request.number == 0 { return connection.close() }
            try connection.events(Self.hello)
            try connection.end()
        }
        let pieces = Pieces()
        _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
        #expect(server.received.count == 2)
    }

    @Test func `only the good-bye may be missing`() async throws {
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events(Array(Self.hello.dropLast()))
            connection.close()
        }
        let pieces = Pieces()
        let summary = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
        #expect(summary.finishReason == "stop")
    }

    @Test(arguments: [
        ("<html>hello</html>", false), ("{", false), ("{\"choices\":", true), ("[]", false),
    ])
    func `what is not an answer is reported as such`(text: String, streams: Bool) async throws {
        let server = try Loopback { _, connection in
            guard streams else { return try connection.answer(text) }
            try connection.begin()
            try connection.events([text])
            try connection.end()
        }
        let error = await #expect(throws: (any Error).self) {
            try await model(server).generate(ask("hi"), sendingTo: Pieces().writer)
        }
        #expect(error.map { "\($0)" }?.hasPrefix("'\(server.url)' sent ") == true)
        #expect(server.received.count == 1)
    }

    @Test func `a model that wants another name for the limit gets it`() async throws {
        let server = try Loopback { request, connection in
            guard request.json["max_tokens"] != nil else {
                return try connection.answer(Self.whole)
            }
            try connection.answer(
                #"{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."}}"#,
                status: 400)
        }
        let model = try model(server, ["max_tokens": "9"])
        #expect(try await model.generate(ask("hi")).text == "Hello")
        #expect(try await model.generate(ask("hi")).text == "Hello")
        // The second call knows the server.
        #expect(
            server.received.map { $0.json["max_completion_tokens"] as? Int } == [nil, 9, 9])
    }

    @Test func `a server that knows no usage in streams is not asked for it`() async throws {
        let server = try Loopback { request, connection in
            if request.json["stream_options"] != nil {
                return try connection.answer("unknown field stream_options", status: 422)
            }
            try connection.begin()
            try connection.events(Self.hello)
            try connection.end()
        }
        let pieces = Pieces()
        _ = try await model(server).generate(ask("hi"), sendingTo: pieces.writer)
        #expect(pieces.text == "Hello")
    }

    @Test func `cancelling the call gives the request up`() async throws {
        let isAsked = Signal()
        let isGivenUp = Signal()
        let server = try Loopback { _, connection in
            try connection.begin()
            try connection.events([Self.hello[0]])
            isAsked.give()
            connection.waitForEnd()
            isGivenUp.give()
        }
        let model = try model(server)
        let task = Task {
            try await model.generate(ask("hi"), sendingTo: Pieces().writer)
        }
        await isAsked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await isGivenUp.wait()
        #expect(server.received.count == 1)
    }

    @Test func `cancelling the call ends the pause before the next try`() async throws {
        let isAsked = Signal()
        let server = try Loopback { _, connection in
            try connection.answer("", status: 429, headers: ["Retry-After": "100"])
            isAsked.give()
        }
        let model = try model(server)
        let task = Task { try await model.generate(ask("hi")) }
        await isAsked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
