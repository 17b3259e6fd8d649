import Glibc
import TestSupport
import Testing

@testable import GRPC

@Suite(.timeLimit(.minutes(10))) struct ShutdownTests {
    private let events = Events()

    /// Answers once `go` yields, or when it is cancelled.
    private func hang(until go: AsyncStream<Void>) -> Handler {
        .unary("/test.Echo/Hang") { [events] _, _ in
            events.add("called")
            for await _ in go { return [1] }
            events.add("cancelled")
            return []
        }
    }

    @Test func `a server lets calls in flight finish`() async throws {
        let (go, goer) = AsyncStream.makeStream(of: Void.self)
        try await withEcho([hang(until: go), echo(.onPool)]) { channel, server in
            async let reply = channel.unary("/test.Echo/Hang", [])
            #expect(await events.next() == "called")
            async let end: Void = server.shutDown(grace: .seconds(30))
            // Once it refuses calls, it is shutting down.
            while (try? await channel.unary("/test.Echo/Echo", [])) != nil {}
            goer.yield()
            let received = try await reply
            #expect(received == [1])
            await end
        }
    }

    @Test func `a server cancels what outlasts its grace`() async throws {
        let (go, goer) = AsyncStream.makeStream(of: Void.self)
        try await withEcho([hang(until: go)]) { channel, server in
            async let reply = channel.unary("/test.Echo/Hang", [])
            #expect(await events.next() == "called")
            await server.shutDown(grace: .milliseconds(50))
            #expect(await events.next() == "cancelled")
            let result = await Task { try await channel.unary("/test.Echo/Hang", []) }.result
            #expect(throws: GRPCError.self) { try result.get() }
            _ = try? await reply
        }
        goer.finish()
    }

    @Test func `a body that leaves takes its calls with it`() async throws {
        let (go, goer) = AsyncStream.makeStream(of: Void.self)
        let call = try await withEcho([hang(until: go)]) { channel, _ in
            let call = Task { try await channel.unary("/test.Echo/Hang", []) }
            #expect(await events.next() == "called")
            return call
        }
        #expect(await events.next() == "cancelled")
        await #expect(throws: GRPCError.self) { try await call.value }
        goer.finish()
    }

    @Test func `shutting down twice is shutting down`() async throws {
        try await withEcho { _, server in
            await withTaskGroup { group in
                for _ in 0..<4 { group.addTask { await server.shutDown(grace: .seconds(30)) } }
            }
            await server.shutDown(grace: .zero)
        }
    }

    @Test func `a shutdown that is cancelled does not wait`() async throws {
        let (go, goer) = AsyncStream.makeStream(of: Void.self)
        try await withEcho([hang(until: go)]) { channel, server in
            let call = Task { try await channel.unary("/test.Echo/Hang", []) }
            #expect(await events.next() == "called")
            let end = Task { await server.shutDown(grace: .seconds(3600)) }
            end.cancel()
            await end.value
            #expect(await events.next() == "cancelled")
            await #expect(throws: GRPCError.self) { try await call.value }
        }
        goer.finish()
    }

    @Test func `closing a channel cancels its calls`() async throws {
        let (go, goer) = AsyncStream.makeStream(of: Void.self)
        try await withEcho([hang(until: go)]) { channel, _ in
            let calls = (0..<10).map { _ in
                Task { try await channel.unary("/test.Echo/Hang", []) }
            }
            for _ in calls { #expect(await events.next() == "called") }
            channel.close()
            channel.close()
            for call in calls {
                let error = await #expect(throws: GRPCError.self) { try await call.value }
                #expect(error == GRPCError(.cancelled, "the channel is closed"))
            }
            let late = await #expect(throws: GRPCError.self) {
                try await channel.unary("/test.Echo/Hang", [])
            }
            #expect(late == GRPCError(.cancelled, "the channel is closed"))
        }
        goer.finish()
    }

    @Test func `closing the queue cancels the calls on it`() async throws {
        let (go, goer) = AsyncStream.makeStream(of: Void.self)
        try await withTemporaryFolder { directory in
            try await withCompletionQueue { serving in
                try await withServer(
                    on: .unix("\(directory)/s"), handlers: [hang(until: go)], queue: serving
                ) { server in
                    let (channel, call) = await withCompletionQueue { queue in
                        let channel = Channel(to: server.address, queue: queue)
                        let call = Task { try await channel.unary("/test.Echo/Hang", []) }
                        #expect(await events.next() == "called")
                        return (channel, call)
                    }
                    await #expect(throws: GRPCError.self) { try await call.value }
                    await #expect(throws: GRPCError.self) {
                        try await channel.unary("/test.Echo/Hang", [])
                    }
                }
            }
        }
        goer.finish()
    }

    @Test func `work after the queue's end is refused`() async throws {
        let queue = await withCompletionQueue { queue in queue }
        let channel = Channel(to: .unix("/nowhere/socket"), queue: queue)
        let calling = await #expect(throws: GRPCError.self) {
            try await channel.unary("/test.Echo/Echo", [])
        }
        #expect(calling?.code == .cancelled)
        let serving = await #expect(throws: GRPCError.self) {
            try await withServer(
                on: .tcp(host: "127.0.0.1", port: 0), handlers: [], queue: queue
            ) { _ in }
        }
        #expect(serving?.code == .cancelled)
    }

    @Test func `an idle queue shuts down`() async {
        await withCompletionQueue { _ in }
    }

    @Test func `a channel that was never called may be dropped`() async {
        await withCompletionQueue { queue in
            for _ in 0..<100 { _ = Channel(to: .unix("/nowhere/socket"), queue: queue) }
        }
    }

    @Test func `a queue's body runs on the queue's thread`() async {
        let places = await withCompletionQueue { _ in
            let here = pthread()
            await Task.yield()
            async let there = pthread()
            return (here, pthread(), await there)
        }
        #expect(places.0 == places.1 && places.1 == places.2)
    }

    private func pthread() -> UInt { UInt(pthread_self()) }
}
