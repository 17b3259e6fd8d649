import Foundation
import OpenAI
import PluginKit
import Synchronization
import TestSupport
import Testing

/// Many calls of one process at a server that limits the number of requests.
@Suite(.timeLimit(.minutes(10))) struct AdmissionQueueTests: ChatServers {
    private static let prompt = GenerateRequest(messages: [.init(role: .user, content: "hi")])

    /// - Returns: The result of each call: its answer or its error.
    private func call(_ model: ChatCompletionsModel, times: Int) async -> [String] {
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<times {
                group.addTask {
                    do { return try await model.generate(Self.prompt).text } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `calls that are refused wait for their turn, over connections that stay`()
        async throws
    {
        let allowance = Mutex((window: 0, left: 0))
        let server = try Loopback { _, connection in
            // Thirty requests in each fifth of a second.
            let isAllowed = allowance.withLock { state in
                let window = Int(Date().timeIntervalSince1970 * 5)
                if window != state.window { state = (window, 30) }
                state.left -= 1
                return state.left >= 0
            }
            if isAllowed { return try connection.answer(Self.whole) }
            try connection.answer("", status: 429, headers: ["Retry-After-Ms": "200"])
        }
        let answers = await call(try model(server, ["max_retries": "3"]), times: 200)
        #expect(Set(answers) == ["Hello"])
        #expect(server.connections <= 200)
        #expect(server.received.count <= 200 + 200 + 20)
    }

    @Test func `a pause is one for all`() async throws {
        let refusedAt = Mutex<[Date]>([])
        let asked = Mutex<[Date]>([])
        let allHaveCome = Signal()
        let server = try Loopback { request, connection in
            asked.withLock { $0.append(Date()) }
            guard request.number < 8 else { return try connection.answer(Self.whole) }
            if request.number == 7 { allHaveCome.give() }
            allHaveCome.block()
            try connection.answer("", status: 503, headers: ["Retry-After": "1"])
            refusedAt.withLock { $0.append(Date()) }
        }
        let answers = await call(try model(server), times: 8)
        #expect(Set(answers) == ["Hello"])
        let first = try #require(refusedAt.withLock { $0 }.first)
        let again = asked.withLock { $0 }.dropFirst(8)
        #expect(again.allSatisfy { $0.timeIntervalSince(first) > 0.9 })
    }

    @Test func `a server that refuses everything is left in peace`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(
                "slow down", status: 429, headers: ["Retry-After-Ms": "100"])
        }
        let answers = await call(try model(server), times: 32)
        #expect(answers.count == 32)
        #expect(answers.allSatisfy { $0.contains("answered with status 429: slow down") })
        // Two pauses, and one or a few requests after each.
        #expect(server.received.count <= 32 + 8)
    }

    @Test func `a limit that is reported within a stream is one`() async throws {
        let server = try Loopback { request, connection in
            try connection.begin()
            try connection.events(
                request.number < 4
                    ? [#"{"error":{"code":"rate_limit_exceeded","message":"slow"}}"#] : Self.hello)
            try connection.end()
        }
        let model = try model(server)
        let pieces = Pieces()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    _ = try await model.generate(Self.prompt, sendingTo: pieces.writer)
                }
            }
            try await group.waitForAll()
        }
        #expect(pieces.text.count == 4 * "Hello".count)
    }

    @Test func `a quota that is used up is not waited for`() async throws {
        let server = try Loopback { _, connection in
            try connection.answer(
                #"{"error":{"message":"pay","code":"insufficient_quota"}}"#, status: 429,
                headers: ["Retry-After": "60"])
        }
        let answers = await call(try model(server), times: 4)
        #expect(Set(answers).count == 1)
        #expect(server.received.count == 4)
    }

    @Test func `who waits can be cancelled`() async throws {
        let refused = Signal()
        let server = try Loopback { _, connection in
            try connection.answer("", status: 429, headers: ["Retry-After": "100"])
            refused.give()
        }
        let model = try model(server)
        let call = Task { try await model.generate(Self.prompt) }
        await refused.wait()
        // Now it is refused, and another call waits that was never sent.
        let other = Task { try await model.generate(Self.prompt) }
        call.cancel()
        other.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        await #expect(throws: CancellationError.self) { try await other.value }
    }
}
