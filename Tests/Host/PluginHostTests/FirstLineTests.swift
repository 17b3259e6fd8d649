import Foundation
import GRPC
import TestSupport
import Testing

@testable import PluginHost

/// Handshakes that are not one line of UTF-8. A shell script stands for the plugin and, where the
/// plugin is good in all other respects, a server in this process.
@Suite(.timeLimit(.minutes(10))) struct FirstLineTests {
    @Test(arguments: [
        ("1|1|unix|/p|grpc", false, Handshake.Beginning.complete),
        ("  1|1|unix|/p|grpc|", false, .complete),
        ("1|1|tcp|127.0.0.1:9|grpc||false", false, .complete),
        ("1|1|unix|/p|grpc", true, .incomplete),
        ("1|1|unix|/p|grpc|MIIB", true, .incomplete),
        ("", false, .incomplete), (" \n ", false, .incomplete), ("1", false, .incomplete),
        ("1|", false, .incomplete), ("1|1|un", false, .incomplete),
        ("1|1|unix|/p", false, .incomplete), ("1|1|unix|/p|gr", false, .incomplete),
        ("Loading", false, .hopeless), ("11", false, .hopeless), ("1|2|", false, .hopeless),
        ("1|1|udp", false, .hopeless), ("1|1|unix|/p|netrpc", false, .hopeless),
        ("\u{feff}1|1|unix|/p|grpc", false, .hopeless),
    ])
    func `text without a newline is a handshake, may become one, or never will`(
        text: String, needsCertificate: Bool, beginning: Handshake.Beginning
    ) {
        #expect(
            Handshake.beginning(Array(text.utf8), needsCertificate: needsCertificate) == beginning)
    }

    @Test(arguments: [
        ("printf 'Loading model'; exec sleep 1000", "printed 'Loading model' and no newline"),
        ("printf '1|1|unix|/p|net'; exec sleep 1000", "printed '1|1|unix|/p|net' and no newline"),
        ("printf '1|1|unix|/p'; exec sleep 1000", "printed '1|1|unix|/p' and no newline"),
        ("printf '1|5|unix|/p|grpc'; exec sleep 1000", "it printed '1|5|unix|/p|grpc' and no"),
        (
            "while printf .; do sleep 0.3; done",
            "and no newline where its handshake belongs, which is one line"
        ),
        (#"printf '\357\273\2771|1|unix|/p|grpc\n'; exec sleep 1000"#, "UTF-8 with a byte order"),
        (#"printf '\357\273\2771|1|unix|/p|grpc'; exec sleep 1000"#, "UTF-8 with a byte order"),
        (#"printf '\377\3761\0|\0001\0|\000\n\0'; exec sleep 1000"#, "printed UTF-16 where"),
        (#"printf '\0001\0|\0001\0|\000\n'; exec sleep 1000"#, "printed UTF-16 where"),
        (#"printf '1\0\0\0|\0\0\000\n\0\0\0'; exec sleep 1000"#, "printed UTF-32 where"),
    ])
    func `what cannot be a handshake ends the wait and is quoted`(
        script: String, message: String
    ) async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script(script)
        let error = await start(path, change: { $0.limits.start = .seconds(3600) })
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    @Test func `what has been printed is quoted when the time is up`() async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script("printf '1|1|un'; exec sleep 1000")
        let error = await start(path, change: { $0.limits.start = .seconds(3) })
        #expect(error?.message.contains("printed '1|1|un' and no newline") == true)
    }

    @Test(arguments: [
        "printf '1|1|unix|SOCKET|grpc'; exec sleep 1000",
        "printf '1|1|unix|SOCKET|grpc|'; sleep 3; echo; exec sleep 1000",
        "printf '1|1|unix|'; sleep 3; echo 'SOCKET|grpc'; exec sleep 1000",
        "printf '1|1|unix|SOCKET'; sleep 3; printf '|grpc'; exec sleep 1000",
        "for c in 1 '|' 1 '|' unix '|' SOCKET '|' grpc; do printf %s $c; sleep 0.5; done; echo; "
            + "exec sleep 1000",
    ])
    func `a handshake that comes in pieces or without a newline is taken`(script: String)
        async throws
    {
        let directory = try TemporaryFolder()
        let socket = directory.path + "/socket"
        let path = try directory.script(script.replacingOccurrences(of: "SOCKET", with: socket))
        try await serving(at: socket) {
            let error = await start(path, change: { $0.limits.start = .seconds(3600) })
            #expect(error == nil)
        }
    }

    private func serving(
        at socket: String, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withCompletionQueue { queue in
            try await withServer(
                on: .unix(socket),
                handlers: [
                    .unary("/grpc.health.v1.Health/Check") { _, _ in [8, 1] },
                    .unary("/\(Embedder.service)/Initialize") { _, _ in [8, 1] },
                ], queue: queue
            ) { _ in
                // On its own queue, as in a plugin.
                try await body()
            }
        }
    }
}
