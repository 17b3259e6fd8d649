import Testing

@testable import GRPC

@Suite(.timeLimit(.minutes(10))) struct HealthTests {
    static let check = "/grpc.health.v1.Health/Check"
    static let watch = "/grpc.health.v1.Health/Watch"

    /// A `HealthCheckRequest`.
    static func request(_ service: String) -> [UInt8] {
        service.isEmpty ? [] : [0x0A, UInt8(service.utf8.count)] + service.utf8
    }

    @Test(arguments: ["", "plugin"])
    func `serves the services that it knows`(service: String) async throws {
        let reply = try await withEcho(Health(services: ["plugin"]).handlers) { channel, _ in
            try await channel.unary(Self.check, Self.request(service))
        }
        #expect(reply == [0x08, 1])
    }

    @Test func `does not know other services`() async throws {
        try await withEcho(Health(services: ["plugin"]).handlers) { channel, _ in
            let error = await #expect(throws: GRPCError.self) {
                try await channel.unary(Self.check, Self.request("other"))
            }
            #expect(error == GRPCError(.notFound, "unknown service 'other'"))
        }
    }

    @Test func `tells those who watch of each change`() async throws {
        let health = Health()
        try await withEcho(health.handlers) { channel, _ in
            let statuses = try await channel.withStream(Self.watch, Self.request("late")) {
                stream in
                var statuses = [try await stream.next()]
                health.set(.serving, for: "late")
                statuses.append(try await stream.next())
                health.set(.notServing, for: "late")
                statuses.append(try await stream.next())
                return statuses
            }
            #expect(statuses == [[0x08, 3], [0x08, 1], [0x08, 2]])
        }
    }

    @Test(arguments: [
        ([0x0A, 1, 0x61], "a"),  // The name alone,
        ([0x10, 0x96, 0x01, 0x0A, 1, 0x61], "a"),  // after a number,
        ([0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x0A, 1, 0x61], "a"),  // after eight bytes,
        ([0x25, 1, 2, 3, 4, 0x12, 1, 0x62, 0x0A, 1, 0x61], "a"),  // after four and a text,
        ([0x0A, 1, 0x62, 0x0A, 1, 0x61], "a"),  // and again: the last one counts.
    ])
    func `skips unknown fields`(request: [UInt8], service: String) async throws {
        let reply = try await withEcho(Health(services: [service]).handlers) { channel, _ in
            try await channel.unary(Self.check, request)
        }
        #expect(reply == [0x08, 1])
    }

    @Test(
        arguments: [
            [0x0A], [0x0A, 2, 0x61], [0x80], [0x0B], [0x25, 1], [UInt8](repeating: 0xFF, count: 11),
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ] as [[UInt8]])
    func `refuses what is not a request`(request: [UInt8]) async throws {
        try await withEcho(Health().handlers) { channel, _ in
            let error = await #expect(throws: GRPCError.self) {
                try await channel.unary(Self.check, request)
            }
            #expect(error?.code == .internal)
        }
    }
}
