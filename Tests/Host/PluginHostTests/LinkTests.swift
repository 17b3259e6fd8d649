import Foundation
import GRPC
import TestSupport
import Testing

@testable import PluginHost

/// A running plugin behind a link that loses what it carries.
@Suite(.timeLimit(.minutes(10))) struct LinkTests {
    @Test func `a link that stops forwarding ends the run as unavailable`() async throws {
        let (errors, failure) = try await linked { link, plugin in
            let embedder = Embedder(plugin, timeout: .seconds(5))
            #expect(await embedder.embed(["a"])[0].value?.count == 1)
            link.stop(new: true)
            var errors: [PluginError?] = []
            for text in ["b", "c"] { errors.append(await embedder.embed([text])[0].error) }
            return (errors, plugin.failure)
        }
        #expect(errors.map { $0?.code } == [.unavailable, .unavailable])
        #expect(errors[0]?.message.hasPrefix("plugin 'it' does not answer at ") == true)
        #expect(failure?.code == .unavailable)
    }

    @Test func `a connection that has died silently is replaced, and the call sent again`()
        async throws
    {
        let lengths = try await linked { link, plugin in
            let embedder = Embedder(plugin, timeout: .seconds(5))
            var lengths = [await embedder.embed(["a"])[0].value?.count]
            link.stop(new: false)
            for text in ["b", "c"] { lengths.append(await embedder.embed([text])[0].value?.count) }
            return lengths
        }
        #expect(lengths == [1, 1, 1])
    }

    @Test func `a slow plugin on a link that works is only late`() async throws {
        let (error, failure) = try await linked(answerAfter: .seconds(600)) { _, plugin in
            let error = await Embedder(plugin, timeout: .milliseconds(500)).embed(["a"])[0].error
            return (error, plugin.failure)
        }
        #expect(error?.code == .timeout)
        #expect(failure == nil)
    }

    private func linked<R: Sendable>(
        answerAfter delay: Duration = .zero, _ body: @Sendable (Forwarder, Plugin) async throws -> R
    ) async throws -> R {
        let directory = try TemporaryFolder()
        let server = directory.path + "/server"
        let link = try Forwarder(from: directory.path + "/link", to: server)
        var specification = Specification(
            name: "it", service: Embedder.service,
            location: .running(.unix(directory.path + "/link")), environment: [:])
        specification.limits.health = .seconds(5)
        let handlers = [
            Handler.unary("/grpc.health.v1.Health/Check") { _, _ in [8, 1] },
            Handler.unary("/\(Embedder.service)/Embed") { _, _ in
                try await Task.sleep(for: delay)
                return [0x0a, 4, 0, 0, 0x80, 0x3f]
            },
        ]
        return try await withCompletionQueue { [specification] queue in
            try await withServer(on: .unix(server), handlers: handlers, queue: queue) { _ in
                try await withPlugin(
                    specification, queue: PluginQueue(completions: queue), log: { _ in }
                ) { plugin in
                    try await body(link, plugin)
                }
            }
        }
    }
}

/// A process that copies bytes between two sockets until a test stops it.
private final class Forwarder: Sendable {
    private let process: Process
    private let input = Pipe()

    init(from path: String, to server: String) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.program, path, server]
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // It listens once it has printed its line.
        try #require(try output.fileHandleForReading.read(upToCount: 1)?.count == 1)
    }

    deinit { process.terminate() }

    /// Stops copying on existing connections, and with `new` also on later ones.
    func stop(new: Bool) {
        try? input.fileHandleForWriting.write(contentsOf: Data([new ? 0x6e : 0x6f]))
    }

    private static let program = """
        import select, socket, sys
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1])
        listener.listen(16)
        print("", flush=True)
        peers, dead, stopped = {}, [], False
        while True:
            for ready in select.select([listener, 0, *peers], [], [])[0]:
                if ready == 0:
                    import os
                    command = os.read(0, 1)
                    if not command: sys.exit()
                    dead += peers
                    peers = {}
                    stopped = command == b"n"
                elif ready is listener:
                    client = listener.accept()[0]
                    if stopped:
                        dead.append(client)
                        continue
                    server = socket.socket(socket.AF_UNIX)
                    server.connect(sys.argv[2])
                    peers[client], peers[server] = server, client
                elif ready in peers:
                    data = ready.recv(65536)
                    if data:
                        peers[ready].sendall(data)
                    else:
                        other = peers.pop(ready)
                        peers.pop(other)
                        other.close()
                        ready.close()
        """
}
