import GRPC
import OpenSSL
import SwiftProtobuf
import TestSupport
import Waiting

@testable import PluginKit

/// A plugin that this process serves, as a host sees it.
struct Host: Sendable {
    let channel: Channel
    let folder: TemporaryFolder

    /// The fields of the plugin's first line.
    let handshake: [String]

    func call<Answer: SwiftProtobuf.Message>(
        _ method: String, _ request: some SwiftProtobuf.Message, _ answer: Answer.Type
    ) async throws -> Answer {
        try await Answer(
            serializedBytes: channel.unary(
                method, request.serializedBytes(), timeout: .seconds(60), waitForReady: true))
    }
}

/// Runs `body` with `plugin` served, until `body` returns or makes the plugin end.
///
/// - Returns: Once the plugin has ended.
func withHost<R: Sendable>(
    of plugin: any Plugin, identity: Identity? = nil, _ environment: [String: String] = [:],
    _ body: @Sendable (Host) async throws -> R
) async throws -> R {
    let folder = try TemporaryFolder()
    var environment = environment
    environment["HECTOR_PLUGIN"] = "hector_plugin_v1"
    environment["PLUGIN_UNIX_SOCKET_DIR"] = folder.path
    if let identity { environment["PLUGIN_CLIENT_CERT"] = identity.certificate }
    let launch = Launch { [environment] in environment[$0] }!
    let termination = Latch<Void>()
    let (lines, line) = AsyncStream.makeStream(of: String.self)
    let quiet = Logger("", least: .error)
    async let served: Void = {
        defer { line.finish() }
        // Far more time for calls to end than any test takes on any machine.
        try await serve(
            plugin, as: launch, until: termination, log: quiet, grace: .seconds(60)
        ) { line.yield($0) }
    }()
    var handshake: [String] = []
    for await line in lines {
        handshake = line.dropLast().split(separator: "|", omittingEmptySubsequences: false)
            .map(String.init)
        break
    }
    guard handshake.count > 3 else {
        try await served
        fatalError("served without a handshake")
    }
    let security: Security =
        if let identity {
            try .mutualTLS(
                trusted: Certificate(handshakeField: handshake[5]).pem,
                certificate: identity.certificate, privateKey: identity.privateKey,
                serverName: "localhost")
        } else {
            .insecure
        }
    let result = try await withCompletionQueue { [handshake] queue in
        let channel = Channel(to: .unix(handshake[3]), security: security, queue: queue)
        defer { termination.set() }
        return try await body(Host(channel: channel, folder: folder, handshake: handshake))
    }
    try await served
    return result
}
