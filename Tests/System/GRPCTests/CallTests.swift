import TestSupport
import Testing

@testable import GRPC

@Suite(.timeLimit(.minutes(10))) struct CallTests {
    private let events = Events()

    /// Waits for its cancellation and reports it.
    private func hang(_ place: Handler.Place) -> Handler {
        .unary("/test.Echo/Hang", executes: place) { [events] _, _ in
            events.add("called")
            await waitForCancellation()
            events.add("cancelled")
            return []
        }
    }

    private func fail(_ error: any Error) -> [Handler] {
        [
            .unary("/test.Echo/Fail") { _, _ in throw error },
            .serverStreaming("/test.Echo/FailLate") { _, writer, _ in
                try await writer.send([1])
                throw error
            },
        ]
    }

    @Test func `no server listens`() async throws {
        await withCompletionQueue { queue in
            let channel = Channel(to: .unix("/nowhere/socket"), queue: queue)
            let error = await #expect(throws: GRPCError.self) {
                try await channel.unary("/test.Echo/Echo", [])
            }
            #expect(error?.code == .unavailable)
            let streaming = await #expect(throws: GRPCError.self) {
                try await channel.stream("/test.Echo/Spell", [])
            }
            #expect(streaming?.code == .unavailable)
        }
    }

    @Test func `a call can wait for a server that comes late`() async throws {
        try await withTemporaryFolder { directory in
            let address = Address.unix("\(directory)/socket")
            let reply = try await withCompletionQueue { queue in
                let channel = Channel(to: address, queue: queue)
                await #expect(throws: GRPCError.self) {
                    try await channel.unary("/test.Echo/Echo", [1])
                }
                let call = Task {
                    try await channel.unary("/test.Echo/Echo", [2], waitForReady: true)
                }
                return try await withServer(
                    on: address, handlers: [echo(.onPool)], queue: queue
                ) { _ in try await call.value }
            }
            #expect(reply == [2])
        }
    }

    @Test func `a channel finds its server again`() async throws {
        try await withTemporaryFolder { directory in
            let address = Address.unix("\(directory)/socket")
            try await withCompletionQueue { queue in
                let channel = Channel(to: address, queue: queue)
                for round: UInt8 in 0..<3 {
                    let reply = try await withServer(
                        on: address, handlers: [echo(.onPool)], queue: queue
                    ) { _ in
                        while true {
                            do {
                                return try await channel.unary(
                                    "/test.Echo/Echo", [round], waitForReady: true)
                            } catch let error as GRPCError where error.code == .unavailable {
                                // The call went to the last server, which had just gone.
                            }
                        }
                    }
                    #expect(reply == [round])
                }
            }
        }
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `a deadline ends the call on both sides`(place: Handler.Place) async throws {
        try await withEcho([hang(place)]) { channel, _ in
            let error = await #expect(throws: GRPCError.self) {
                // Long enough for the call to arrive on a busy machine.
                try await channel.unary("/test.Echo/Hang", [], timeout: .seconds(5))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(await events.next() == "called")
            #expect(await events.next() == "cancelled")
        }
    }

    @Test func `a deadline counts while no server listens`() async throws {
        await withCompletionQueue { queue in
            let channel = Channel(to: .unix("/nowhere/socket"), queue: queue)
            for timeout in [Duration.milliseconds(50), .zero, .seconds(-1)] {
                let error = await #expect(throws: GRPCError.self) {
                    try await channel.unary("/a/b", [], timeout: timeout, waitForReady: true)
                }
                #expect(error?.code == .deadlineExceeded)
            }
        }
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `a handler can tell connections apart`(place: Handler.Place) async throws {
        let tell = Handler.unary("/test.Echo/Tell", executes: place) { _, context in
            withUnsafeBytes(of: context.connection.address) { Array($0) }
        }
        try await withTemporaryFolder { directory in
            try await withCompletionQueue { queue in
                try await withServer(
                    on: .unix("\(directory)/socket"), handlers: [tell], queue: queue
                ) { server in
                    let channels = (0..<3).map { _ in Channel(to: server.address, queue: queue) }
                    var seen: [[[UInt8]]] = []
                    for channel in channels {
                        seen.append([
                            try await channel.unary("/test.Echo/Tell", []),
                            try await channel.unary("/test.Echo/Tell", []),
                        ])
                    }
                    #expect(seen.allSatisfy { $0[0] == $0[1] })
                    #expect(Set(seen.map { $0[0] }).count == 3)
                }
            }
        }
    }

    @Test func `no timeout is too long`() async throws {
        let reply = try await withEcho { channel, _ in
            try await channel.unary("/test.Echo/Echo", [1], timeout: .seconds(Int64.max))
        }
        #expect(reply == [1])
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `cancelling the task cancels the call on both sides`(place: Handler.Place) async throws {
        try await withEcho([hang(place)]) { channel, _ in
            let task = Task { try await channel.unary("/test.Echo/Hang", []) }
            #expect(await events.next() == "called")
            task.cancel()
            let error = await #expect(throws: GRPCError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(await events.next() == "cancelled")
        }
    }

    @Test func `a task that is already cancelled makes no call`() async throws {
        try await withEcho([hang(.onPool)]) { channel, _ in
            let task = Task {
                await waitForCancellation()
                _ = try await channel.unary("/test.Echo/Hang", [])
            }
            task.cancel()
            let error = await #expect(throws: GRPCError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
    }

    @Test(arguments: GRPCError.Code.allCases.dropFirst())
    func `every status passes`(code: GRPCError.Code) async throws {
        let thrown = GRPCError(
            code, "cannot: 100% of ‘it’\nand more",
            trailingMetadata: [
                Metadata("reason", "none"), Metadata("reason", "again"),
                Metadata("detail-bin", [0, 255, 10]),
            ])
        try await withEcho(fail(thrown)) { channel, _ in
            for method in ["/test.Echo/Fail", "/test.Echo/FailLate"] {
                let error = await #expect(throws: GRPCError.self) {
                    try await channel.stream(method, [])
                }
                #expect(error == thrown)
            }
            let error = await #expect(throws: GRPCError.self) {
                try await channel.unary("/test.Echo/Fail", [])
            }
            #expect(error == thrown)
        }
    }

    struct Oops: Error, CustomStringConvertible {
        let description = "it broke"
    }

    @Test(arguments: [
        (Oops() as any Error, GRPCError(.unknown, "it broke")),
        (CancellationError(), GRPCError(.cancelled, "the call was cancelled")),
        (GRPCError(.ok, "fine"), GRPCError(.unknown, "fine (OK)")),
        (
            GRPCError(.aborted, "", trailingMetadata: [Metadata("No Key", "")]),
            GRPCError(.internal, "the handler's trailing metadata cannot be sent")
        ),
        (
            GRPCError(.aborted, "", trailingMetadata: [Metadata("key", [10])]),
            GRPCError(.internal, "the handler's trailing metadata cannot be sent")
        ),
    ])
    func `other errors have a status too`(thrown: any Error, received: GRPCError) async throws {
        try await withEcho(fail(thrown)) { channel, _ in
            let error = await #expect(throws: GRPCError.self) {
                try await channel.unary("/test.Echo/Fail", [])
            }
            #expect(error == received)
        }
    }

    @Test func `a handler sees the call's headers`() async throws {
        let handler = Handler.unary("/test.Echo/Agent") { _, context in
            #expect(context.method == "/test.Echo/Agent")
            return context.metadata.first { $0.key == "user-agent" }?.value ?? []
        }
        let agent = try await withEcho([handler]) { channel, _ in
            try await channel.unary("/test.Echo/Agent", [])
        }
        #expect(String(decoding: agent, as: UTF8.self).hasPrefix("grpc-c/"))
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `many calls are in flight at once`(place: Handler.Place) async throws {
        let sum = try await withEcho([echo(place)]) { channel, _ in
            try await withThrowingTaskGroup { group in
                for number in 0..<1000 {
                    group.addTask {
                        let request = [UInt8(number & 255), UInt8(number >> 8)]
                        let reply = try await channel.unary("/test.Echo/Echo", request)
                        return Int(reply[0]) + Int(reply[1]) << 8
                    }
                }
                return try await group.reduce(0, +)
            }
        }
        #expect(sum == 499_500)
    }
}
