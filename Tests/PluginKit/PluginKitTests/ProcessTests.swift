import Foundation
import GRPC
import Messages
import SwiftProtobuf
import TestSupport
import Testing

@testable import PluginKit

/// The effects of a plugin on its own process, in processes made for the purpose.
@Suite struct ProcessTests {
    @Test func `tells people that it is not for them`() async throws {
        let result = try #require(
            await #expect(
                processExitsWith: .exitCode(1),
                observing: [\.standardOutputContent, \.standardErrorContent]
            ) {
                unsetenv("HECTOR_PLUGIN")
                await SingleEmbedder.main()
            })
        #expect(text(result.standardErrorContent).hasPrefix("This binary is a plugin."))
        #expect(!text(result.standardOutputContent).contains("|"))
    }

    @Test func `says in its log why it cannot serve`() async throws {
        let result = try #require(
            await #expect(
                processExitsWith: .exitCode(1),
                observing: [\.standardOutputContent, \.standardErrorContent]
            ) {
                setenv("HECTOR_PLUGIN", "hector_plugin_v1", 1)
                setenv("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent", 1)
                await SingleEmbedder.main()
            })
        let log = text(result.standardErrorContent)
        #expect(log.contains(#""@level":"error","@message":"cannot serve""#))
        #expect(log.contains("cannot listen on '/nonexistent/plugin"))
        #expect(!text(result.standardOutputContent).contains("|grpc|"))
    }

    @Test func `ignores SIGINT and ends at SIGTERM, and its prints go to standard error`()
        async throws
    {
        let folder = try TemporaryFolder()
        let exit = await #expect(
            processExitsWith: .exitCode(0),
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) { [path = folder.path as String] in
            setenv("HECTOR_PLUGIN", "hector_plugin_v1", 1)
            setenv("PLUGIN_UNIX_SOCKET_DIR", path, 1)
            Task { @concurrent in try await interruptAndTerminate(pluginIn: path) }
            await SingleEmbedder.main()
        }
        let result = try #require(exit)
        #expect(folder.names == [])
        let output = text(result.standardOutputContent)
        #expect(output.contains("1|1|unix|\(folder.path)/plugin"))
        #expect(!output.contains("a line of the plugin's"))
        #expect(text(result.standardErrorContent).contains("a line of the plugin's\n"))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Signals this process, which serves a plugin.
private func interruptAndTerminate(pluginIn folder: String) async throws {
    let socket = await onlyFile(in: folder)
    try await withCompletionQueue { queue in
        let channel = Channel(to: .unix(socket), queue: queue)
        func embed() async throws {
            _ = try await channel.unary(
                EmbedderMethod.embed, [], timeout: .seconds(20), waitForReady: true)
        }
        try await embed()
        kill(getpid(), SIGINT)
        try await embed()
    }
    print("a line of the plugin's")
    fflush(nil)
    kill(getpid(), SIGTERM)
}

/// Waits for the first file in a folder.
///
/// - Returns: Its path.
private func onlyFile(in folder: String) async -> String {
    while true {
        if let name = try? FileManager.default.contentsOfDirectory(atPath: folder).first {
            return "\(folder)/\(name)"
        }
        await Task.yield()
    }
}
