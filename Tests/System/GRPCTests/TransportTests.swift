import Foundation
import Glibc
import TestSupport
import Testing

@testable import GRPC

@Suite(.timeLimit(.minutes(10))) struct TransportTests {
    private func echo(
        over address: Address, server: Security = .insecure, client: Security = .insecure,
        message: [UInt8] = [1, 2, 3]
    ) async throws -> [UInt8] {
        try await withCompletionQueue { queue in
            try await withServer(
                on: address, security: server, handlers: [GRPCTests.echo(.onPool)], queue: queue
            ) { running in
                let channel = Channel(to: running.address, security: client, queue: queue)
                return try await channel.unary("/test.Echo/Echo", message, timeout: .seconds(120))
            }
        }
    }

    @Test(arguments: ["socket", "a socket", "100%25", "a:b?c#d&e=f", "sökät"])
    func `connects to a Unix socket`(name: String) async throws {
        try await withTemporaryFolder { directory in
            let path = "\(directory)/\(name)"
            let reply = try await withCompletionQueue { queue in
                try await withServer(
                    on: .unix(path), handlers: [GRPCTests.echo(.onPool)], queue: queue
                ) { server in
                    #expect(FileManager.default.fileExists(atPath: path))
                    return try await Channel(to: server.address, queue: queue)
                        .unary("/test.Echo/Echo", [1])
                }
            }
            #expect(reply == [1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    @Test func `connects to a Unix socket by a relative path`() async throws {
        try await withTemporaryFolder { directory in
            let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
            let up = String(repeating: "../", count: depth)
            let reply = try await echo(over: .unix("\(up)\(directory.dropFirst())/socket"))
            #expect(reply == [1, 2, 3])
        }
    }

    @Test func `a socket's path may have 107 bytes and no more`() async throws {
        try await withTemporaryFolder { directory in
            let name = String(repeating: "x", count: 106 - directory.utf8.count)
            let reply = try await echo(over: .unix("\(directory)/\(name)"))
            #expect(reply == [1, 2, 3])

            let long = Address.unix("\(directory)/\(name)y")
            let error = await #expect(throws: GRPCError.self) { try await echo(over: long) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "'\(long)' is 108 bytes long; a socket's path may have 107")

            let calling = await #expect(throws: GRPCError.self) {
                try await withCompletionQueue { queue in
                    _ = try await Channel(to: long, queue: queue).unary("/test.Echo/Echo", [])
                }
            }
            #expect(calling?.code == .unavailable)
            #expect(calling?.message == error?.message)
        }
    }

    @Test func `replaces a socket that was left behind, but no other file`() async throws {
        try await withTemporaryFolder { directory in
            let path = "\(directory)/left"
            let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
            let bound = withUnsafeBytes(of: name) {
                bind(
                    left, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t($0.count))
            }
            #expect(bound == 0)
            close(left)
            let reply = try await echo(over: .unix(path))
            #expect(reply == [1, 2, 3])

            try "precious".write(toFile: path, atomically: false, encoding: .utf8)
            let error = await #expect(throws: GRPCError.self) { try await echo(over: .unix(path)) }
            #expect(error?.message == "cannot listen on '\(path)'")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `connects over TCP`(host: String) async throws {
        #expect(try await echo(over: .tcp(host: host, port: 0)) == [1, 2, 3])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/net/if_inet6")))
    func `connects over IPv6`() async throws {
        #expect(try await echo(over: .tcp(host: "::1", port: 0)) == [1, 2, 3])
    }

    @Test func `an address in use cannot be listened on`() async throws {
        try await withCompletionQueue { queue in
            try await withServer(
                on: .tcp(host: "127.0.0.1", port: 0), handlers: [], queue: queue
            ) { server in
                let error = await #expect(throws: GRPCError.self) {
                    try await withServer(on: server.address, handlers: [], queue: queue) { _ in }
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message == "cannot listen on '\(server.address)'")
            }
        }
    }

    @Test(arguments: ["prime256v1", "secp384r1", "secp521r1"])
    func `both sides show a certificate`(curve: String) async throws {
        let (ours, theirs) = (try await Certificate(), try await Certificate(curve: curve))
        try await withTemporaryFolder { directory in
            for address in [Address.unix("\(directory)/s"), .tcp(host: "127.0.0.1", port: 0)] {
                let reply = try await echo(
                    over: address, server: theirs.trusting(ours), client: ours.trusting(theirs))
                #expect(reply == [1, 2, 3])
            }
        }
    }

    @Test func `neither side trusts a stranger`() async throws {
        let (ours, theirs) = (try await Certificate(), try await Certificate())
        let stranger = try await Certificate()
        for (server, client) in [
            (theirs.trusting(ours), stranger.trusting(theirs)),
            (stranger.trusting(ours), ours.trusting(theirs)),
            (theirs.trusting(ours), ours.trusting(theirs, serverName: "other")),
            (theirs.trusting(ours), .insecure),
            (.insecure, ours.trusting(theirs)),
        ] {
            let error = await #expect(throws: GRPCError.self) {
                try await echo(
                    over: .tcp(host: "127.0.0.1", port: 0), server: server, client: client)
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func `certificates that are none are an error, not a crash`() async throws {
        let nonsense = Security.mutualTLS(
            trusted: "x", certificate: "y", privateKey: "z", serverName: "localhost")
        let good = try await Certificate()
        let client = await #expect(throws: GRPCError.self) {
            try await echo(
                over: .tcp(host: "127.0.0.1", port: 0), server: good.trusting(good),
                client: nonsense)
        }
        #expect(client?.code == .unavailable)
        await #expect(throws: GRPCError.self) {
            try await echo(
                over: .tcp(host: "127.0.0.1", port: 0), server: nonsense,
                client: good.trusting(good))
        }
    }

    @Test func `messages of 20 MB pass both ways`() async throws {
        let message = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await withTemporaryFolder { directory in
            let reply = try await echo(over: .unix("\(directory)/s"), message: message)
            #expect(reply == message)
        }
    }

    @Test(arguments: [
        (Address.unix("/a/b"), "/a/b"), (.tcp(host: "h", port: 1), "h:1"),
        (.tcp(host: "::1", port: 1), "[::1]:1"),
    ])
    func `an address reads as one writes it`(address: Address, text: String) {
        #expect(address.description == text)
    }
}
