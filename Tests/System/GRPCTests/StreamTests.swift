import Synchronization
import Testing

@testable import GRPC

@Suite(.timeLimit(.minutes(10))) struct StreamTests {
    private let events = Events()

    /// Sends 64 KiB at a time without end and counts what has been sent.
    private func flood(_ place: Handler.Place, _ sent: Counter) -> Handler {
        .serverStreaming("/test.Echo/Flood", executes: place) { [events] _, writer, _ in
            do {
                while true {
                    try await writer.send([UInt8](repeating: 0, count: 65536))
                    sent.increment()
                }
            } catch {
                events.add("\(error)")
                throw error
            }
        }
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        func increment() { count.add(1, ordering: .relaxed) }
        var value: Int { count.load(ordering: .relaxed) }
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `a slow reader makes the server wait`(place: Handler.Place) async throws {
        let sent = Counter()
        try await withEcho([flood(place, sent)]) { channel, _ in
            try await channel.withStream("/test.Echo/Flood", []) { stream in
                for read in 1...100 {
                    let message = try await stream.next()
                    #expect(message?.count == 65536)
                    // Gives the server every chance to run ahead.
                    for _ in 0..<100 { await Task.yield() }
                    #expect(sent.value <= read + 32)
                }
            }
            #expect(await events.next() == "the client has gone (CANCELLED)")
        }
    }

    @Test(arguments: [0, 1, 64, 65, 1000])
    func `messages that have come together are taken together, in order`(count: Int) async throws {
        let handler = Handler.serverStreaming("/test.Echo/Count") { _, writer, _ in
            for number in 0..<count { try await writer.send([UInt8(number % 251)]) }
        }
        try await withEcho([handler]) { channel, _ in
            let (messages, takes) = try await channel.withStream("/test.Echo/Count", []) { stream in
                var messages: [UInt8] = []
                var takes = 0
                while true {
                    let some = try await stream.nextMessages()
                    if some.isEmpty { break }
                    #expect(some.count <= 64)
                    takes += 1
                    messages += some.flatMap { $0 }
                }
                // The stream stays at its end.
                #expect(try await stream.nextMessages().isEmpty)
                #expect(try await stream.next() == nil)
                return (messages, takes)
            }
            #expect(messages == (0..<count).map { UInt8($0 % 251) })
            #expect(takes <= count)
        }
    }

    @Test func `a failure comes after the messages before it, taken together or not`() async throws
    {
        let handler = Handler.serverStreaming("/test.Echo/Fail") { _, writer, _ in
            for number in 0..<10 { try await writer.send([UInt8(number)]) }
            throw GRPCError(.dataLoss, "gone")
        }
        try await withEcho([handler]) { channel, _ in
            var messages: [UInt8] = []
            let error = await #expect(throws: GRPCError.self) {
                try await channel.withStream("/test.Echo/Fail", []) { stream in
                    while true {
                        let some = try await stream.nextMessages()
                        if some.isEmpty { break }
                        messages += some.flatMap { $0 }
                    }
                }
            }
            #expect(messages == Array(0..<10))
            #expect(error?.code == .dataLoss)
        }
    }

    @Test func `silence of the server ends a stream, and time that it speaks does not`()
        async throws
    {
        let handler = Handler.serverStreaming("/test.Echo/Mute") { [events] _, writer, _ in
            for number in 0..<5 {
                try await writer.send([UInt8(number)])
                try await Task.sleep(for: .milliseconds(500))
            }
            await waitForCancellation()
            events.add("cancelled")
        }
        try await withEcho([handler]) { channel, _ in
            var messages: [UInt8] = []
            let error = await #expect(throws: GRPCError.self) {
                try await channel.withStream("/test.Echo/Mute", []) { stream in
                    while true {
                        messages += try await stream.nextMessages(within: .seconds(5)).flatMap {
                            $0
                        }
                    }
                }
            }
            #expect(messages == [0, 1, 2, 3, 4])
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.isPastDeadline == true)
            #expect(await events.next() == "cancelled")
        }
    }

    @Test func `leaving a stream early cancels the call`() async throws {
        let sent = Counter()
        try await withEcho([flood(.onPool, sent)]) { channel, _ in
            let first = try await channel.withStream("/test.Echo/Flood", []) { stream in
                try await stream.next()
            }
            #expect(first?.count == 65536)
            #expect(await events.next() == "the client has gone (CANCELLED)")
        }
    }

    @Test func `cancelling the task ends the stream`() async throws {
        let handler = Handler.serverStreaming("/test.Echo/Once") { [events] _, writer, _ in
            try await writer.send([1])
            await waitForCancellation()
            events.add("cancelled")
        }
        try await withEcho([handler]) { channel, _ in
            let task = Task {
                try await channel.withStream("/test.Echo/Once", []) { stream in
                    let first = try await stream.next()
                    events.add("\(first ?? [])")
                    return try await stream.next()
                }
            }
            #expect(await events.next() == "[1]")
            task.cancel()
            let error = await #expect(throws: GRPCError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(await events.next() == "cancelled")
        }
    }

    @Test func `a stream has a deadline`() async throws {
        let handler = Handler.serverStreaming("/test.Echo/Once") { _, writer, _ in
            try await writer.send([1])
            await waitForCancellation()
        }
        try await withEcho([handler]) { channel, _ in
            let error = await #expect(throws: GRPCError.self) {
                try await channel.stream("/test.Echo/Once", [], timeout: .milliseconds(50))
            }
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test func `a stream may be empty, and stays at its end`() async throws {
        try await withEcho([spell(.onPool)]) { channel, _ in
            let ends = try await channel.withStream("/test.Echo/Spell", []) { stream in
                [try await stream.next(), try await stream.next()]
            }
            #expect(ends == [nil, nil])
        }
    }

    @Test func `a writer that outlives its handler cannot send`() async throws {
        let (writers, keeper) = AsyncStream.makeStream(of: StreamWriter.self)
        let handler = Handler.serverStreaming("/test.Echo/Keep") { _, writer, _ in
            keeper.yield(writer)
        }
        try await withEcho([handler]) { channel, _ in
            let replies = try await channel.stream("/test.Echo/Keep", [])
            #expect(replies.isEmpty)
            for await writer in writers {
                let error = await #expect(throws: GRPCError.self) { try await writer.send([1]) }
                #expect(error?.code == .internal)
                break
            }
        }
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `a long stream arrives whole and in order`(place: Handler.Place) async throws {
        let request = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        let replies = try await withEcho([spell(place)]) { channel, _ in
            try await channel.stream("/test.Echo/Spell", request)
        }
        #expect(replies == request.map { [$0] })
    }
}
