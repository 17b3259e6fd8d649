import Foundation
import GRPC
import Messages
import OpenSSL
import SwiftProtobuf
import TestSupport
import Testing
import Waiting

@testable import PluginKit

@Suite struct ServeTests {
    @Test func `listens where the handshake says, for this user only`() async throws {
        try await withHost(of: SingleEmbedder()) { host in
            #expect(host.handshake.count == 6)
            #expect(host.handshake[...2] == ["1", "1", "unix"])
            #expect(host.handshake[3].hasPrefix("\(host.folder.path)/plugin"))
            #expect(host.handshake[4...] == ["grpc", ""])
            let attributes = try FileManager.default.attributesOfItem(atPath: host.handshake[3])
            #expect(attributes[.type] as? FileAttributeType == .typeSocket)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `lets a group connect`() async throws {
        let group = "\(getgid())"
        try await withHost(of: SingleEmbedder(), ["PLUGIN_UNIX_SOCKET_GROUP": group]) { host in
            let attributes = try FileManager.default.attributesOfItem(atPath: host.handshake[3])
            #expect(attributes[.posixPermissions] as? Int == 0o660)
            #expect(attributes[.groupOwnerAccountID] as? Int == Int(getgid()))
        }
    }

    @Test(arguments: [
        (["PLUGIN_UNIX_SOCKET_GROUP": "no such group"], "find the group 'no such group'"),
        (["PLUGIN_CLIENT_CERT": "not PEM"], "cannot read a PEM certificate"),
    ])
    func `does not serve`(environment: [String: String], reason: String) async throws {
        let error = await #expect(throws: (any Error).self) {
            try await withHost(of: SingleEmbedder(), environment) { _ in
                Issue.record("the plugin was served")
            }
        }
        #expect(String(describing: try #require(error)).contains(reason))
    }

    @Test func `is not configured without what its manifest requires`() async throws {
        try await withHost(of: Keyed()) { host in
            for (settings, isRefused) in [
                ([:], true), (["api_key": ""], true), (["api_key": "k"], false),
            ]
                as [([String: String], Bool)]
            {
                let answer = try await host.call(
                    EmbedderMethod.initialize,
                    Hector_Plugin_InitializeRequest.with { $0.config = settings },
                    Hector_Plugin_InitializeResponse.self)
                #expect(answer.success != isRefused)
                #expect(answer.error.hasPrefix("setting 'api_key' is missing") == isRefused)
            }
        }
    }

    @Test(arguments: [("plugin", true), ("", true), ("other", false)])
    func `says it is serving`(service: String, isKnown: Bool) async throws {
        try await withHost(of: SingleEmbedder()) { host in
            let request = Grpc_Health_V1_HealthCheckRequest.with { $0.service = service }
            if isKnown {
                let answer = try await host.call(
                    HealthMethod.check, request, Grpc_Health_V1_HealthCheckResponse.self)
                #expect(answer.status == .serving)
            } else {
                let error = await #expect(throws: GRPCError.self) {
                    try await host.call(
                        HealthMethod.check, request, Grpc_Health_V1_HealthCheckResponse.self)
                }
                #expect(error?.code == .notFound)
            }
        }
    }

    @Test func `ends when the controller says so, leaving no socket`() async throws {
        let plugin = SingleEmbedder()
        let folder = try await withHost(of: plugin) { host in
            _ = try await host.call(ControllerMethod.shutdown, Plugin_Empty(), Plugin_Empty.self)
            return host.folder
        }
        #expect(folder.names == [])
        #expect(plugin.journal.all == ["shutdown"])
    }

    @Test func `is shut down once, by the first of several requests`() async throws {
        let plugin = SingleEmbedder()
        try await withHost(of: plugin) { host in
            _ = try await host.initialize([:])
            let answer = try await host.call(
                EmbedderMethod.shutdown, Hector_Plugin_ShutdownRequest(),
                Hector_Plugin_ShutdownResponse.self)
            #expect(answer.success)
            #expect(try await host.status() == "shutdown")
            _ = try await host.call(ControllerMethod.shutdown, Plugin_Empty(), Plugin_Empty.self)
        }
        #expect(plugin.journal.all == ["configure", "shutdown"])
    }

    @Test func `the stream of prints stays open to the end`() async throws {
        try await withHost(of: SingleEmbedder()) { host in
            try await host.channel.withStream(StdioMethod.streamStdio, []) { stream in
                // The stream is open by the time a later call is answered, and then ends.
                _ = try await host.status()
                _ = try await host.call(
                    ControllerMethod.shutdown, Plugin_Empty(), Plugin_Empty.self)
                #expect(try await stream.next() == nil)
            }
        }
    }

    @Test func `a call under way finishes`() async throws {
        let plugin = SlowEmbedder()
        try await withHost(of: plugin) { host in
            async let answer = host.embed("slow")
            _ = await plugin.hasBegun.wait()
            _ = try await host.call(ControllerMethod.shutdown, Plugin_Empty(), Plugin_Empty.self)
            plugin.mayEnd.set()
            #expect(try await answer.vector == [1])
        }
    }

    @Test func `speaks with the host whose certificate it was given`() async throws {
        let identity = try Identity()
        try await withHost(of: SingleEmbedder(), identity: identity) { host in
            #expect(host.handshake[5].utf8.count > 500)
            let answer = try await host.embed("four")
            #expect(answer.vector == [4, 4, 4])
        }
    }

    @Test func `does not speak with others`() async throws {
        try await withHost(of: SingleEmbedder(), identity: Identity()) { host in
            let other = try Identity()
            let trusted = try Certificate(handshakeField: host.handshake[5]).pem
            let address = Address.unix(host.handshake[3])
            for security in [
                Security.insecure,
                .mutualTLS(
                    trusted: trusted, certificate: other.certificate,
                    privateKey: other.privateKey, serverName: "localhost"),
            ] {
                await withCompletionQueue { queue in
                    let channel = Channel(to: address, security: security, queue: queue)
                    let error = await #expect(throws: GRPCError.self) {
                        try await channel.unary(EmbedderMethod.embed, [], timeout: .seconds(10))
                    }
                    #expect(error?.code == .unavailable)
                }
            }
        }
    }
}

/// An embedder that answers only when a test lets it.
private final class SlowEmbedder: EmbedderProvider {
    static let manifest = Manifest(name: "slow", version: "1.0.0")

    let hasBegun = Latch<Void>()
    let mayEnd = Latch<Void>()

    let embedderInfo = EmbedderInfo(modelName: "slow", dimension: 1)

    func embed(_ text: String, as type: InputType) async throws -> [Float] {
        hasBegun.set()
        _ = await mayEnd.wait()
        return [1]
    }
}

/// A plugin whose code does not check for its setting.
private struct Keyed: EmbedderProvider {
    static let manifest = Manifest(
        name: "keyed", version: "1.0.0", requiredSettings: ["api_key"])

    let embedderInfo = EmbedderInfo(modelName: "length", dimension: 1)

    func configure(_ configuration: Configuration) {}

    func embed(_ text: String, as type: InputType) -> [Float] { [0] }
}
