import Testing

@testable import GRPC

@Suite(.timeLimit(.minutes(10))) struct ServerTests {
    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `answers a message with a message`(place: Handler.Place) async throws {
        let reply = try await withEcho([echo(place)]) { channel, _ in
            try await channel.unary("/test.Echo/Echo", [1, 2, 3])
        }
        #expect(reply == [1, 2, 3])
    }

    @Test(arguments: [Handler.Place.onPool, .onQueue])
    func `answers a message with a stream`(place: Handler.Place) async throws {
        let replies = try await withEcho([spell(place)]) { channel, _ in
            try await channel.stream("/test.Echo/Spell", [1, 2, 3])
        }
        #expect(replies == [[1], [2], [3]])
    }

    @Test func `does not implement other methods`() async throws {
        try await withEcho { channel, _ in
            let error = await #expect(throws: GRPCError.self) {
                try await channel.unary("/test.Echo/Other", [])
            }
            #expect(error?.code == .unimplemented)
            #expect(error?.message == "unknown method '/test.Echo/Other'")
        }
    }
}
