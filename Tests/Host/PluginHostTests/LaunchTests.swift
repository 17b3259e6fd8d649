import Foundation
import GRPC
import Glibc
import Synchronization
import TestSupport
import Testing
import Unix

@testable import PluginHost

/// Failures before a plugin has answered its first call. A shell script stands for the plugin.
@Suite struct LaunchTests {
    @Test(arguments: [
        ("echo hello", "printed 'hello' where its handshake belongs"),
        ("echo; echo '1|1|unix|/p|grpc'", "printed '' where its handshake belongs"),
        ("echo '1|1|unix|/p'", "speaks net/rpc, not gRPC"),
        ("echo '1|9|unix|/p|grpc'", "speaks version '9' of the plugin protocol, not 1"),
        ("echo '2|1|unix|/p|grpc'", "speaks version '2' of go-plugin's own protocol"),
        ("echo '1|1|udp|/p|grpc'", "listens on 'udp'"),
        ("echo '1|1|tcp|127.0.0.1:9|grpc'; read x", "without mTLS"),
        (
            "echo oh dear >&2; exit 3",
            "exited with status 3 before its handshake; its last words:\n    oh dear"
        ),
        ("exec >&-; exec sleep 1000", "closed its standard output before its handshake"),
        ("printf oops; exec >&-; exec sleep 1000", "printed 'oops' where its handshake belongs"),
        ("echo '1|1|tcp|0.0.0.0:9|grpc'; read x", "where other machines can reach it"),
        ("echo '1|1|tcp|[::]:9|grpc'; read x", "where other machines can reach it"),
        ("echo '1|1|tcp|[0:0::0.0.0.0]:9|grpc'; read x", "where other machines can reach it"),
        ("echo '1|1|tcp|[::ffff:0.0.0.0]:9|grpc'; read x", "where other machines can reach it"),
        ("echo '1|1|tcp|0:9|grpc'; read x", "where other machines can reach it"),
        ("exit 0", "exited with status 0 before its handshake"),
        ("kill -9 $$", "was killed by signal 9 (Killed) before its handshake"),
        ("echo '1|1|unix|/p|grpc'; exit 4", "exited with status 4 after its handshake"),
        (
            "echo '1|1|unix|/no/such/socket|grpc'; exec sleep 1000",
            "does not answer at /no/such/socket"
        ),
    ])
    func `what is wrong with a script in a plugin's place is reported`(
        script: String, message: String
    ) async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script(script)
        let error = await start(path)
        #expect(error?.message.hasPrefix("plugin 'it' ") == true)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    @Test(
        .enabled("this kernel has no Landlock") { ConfinementSupport.current.landlock > 0 },
        arguments: ["/p", "$PLUGIN_UNIX_SOCKET_DIR/../p", "$PLUGIN_UNIX_SOCKET_DIR/d/p"])
    func `a confined plugin names a socket in its folder`(socket: String) async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script("echo \"1|1|unix|\(socket)|grpc\"; read x")
        let error = await start(path, change: { $0.confinement = Confinement() })
        #expect(error?.code == .notPermitted)
        #expect(
            error?.message.contains("is not a socket in the folder") == true,
            "\(error?.message ?? "")")
    }

    @Test(.enabled("this kernel has no Landlock") { ConfinementSupport.current.landlock > 0 })
    func `a confined plugin's socket is no link`() async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script(
            "echo x > $PLUGIN_UNIX_SOCKET_DIR/x\nexec /usr/bin/python3 -c '\n"
                + "import os, time\nd = os.environ[\"PLUGIN_UNIX_SOCKET_DIR\"]\n"
                + "os.symlink(\"/run/x\", d + \"/s\")\n"
                + "print(\"1|1|unix|\" + d + \"/s|grpc\", flush=True)\ntime.sleep(1000)'")
        var confinement = Confinement()
        confinement.programs = .all
        let limits = confinement
        let error = await start(path, change: { $0.confinement = limits })
        #expect(error?.message.contains("is not a socket in the folder") == true)
    }

    @Test func `a plugin that prints nothing is given up`() async throws {
        let directory = try TemporaryFolder()
        let error = await start(
            try directory.script("exec sleep 1000"),
            change: { $0.limits.start = .milliseconds(200) })
        #expect(error?.message == "plugin 'it' printed no handshake within 0.2 seconds")
    }

    @Test func `files that cannot be run are distinguished`() async throws {
        let directory = try TemporaryFolder()
        let missing = directory.path + "/missing"
        #expect(await start(missing)?.message.hasSuffix("'\(missing)' does not exist") == true)
        let plain = directory.path + "/plain"
        try Data("x".utf8).write(to: URL(fileURLWithPath: plain))
        #expect(await start(plain)?.message.hasSuffix("is not executable; chmod +x it") == true)
        #expect(await start(directory.path)?.message.hasSuffix("is a directory") == true)
        chmod(plain, 0o755)
        #expect(await start(plain)?.message.contains("is no program for this machine") == true)
        // An ELF header for a machine of another kind (aarch64, e_machine 183).
        var header = [UInt8](repeating: 0, count: 64)
        header.replaceSubrange(0..<7, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
        header[16] = 2
        header[18] = 183
        header[20] = 1
        try Data(header).write(to: URL(fileURLWithPath: plain))
        #expect(await start(plain)?.message.contains("is built for") == true)
        try Data("#!/no/such/interpreter\n".utf8).write(to: URL(fileURLWithPath: plain))
        #expect(await start(plain)?.message.contains("needs the interpreter") == true)
    }

    @Test func `a checksum that differs is not permitted`() async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script("echo started > '\(directory.path)/trace'")
        let error = await start(path, change: { $0.checksum = String(repeating: "0", count: 64) })
        #expect(error?.code == .notPermitted)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/trace"))
    }

    @Test func `mTLS asked for and not answered is refused`() async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script("echo '1|1|unix|/p|grpc'; exec sleep 1000")
        let error = await start(path, change: { $0.mutualTLS = true })
        #expect(error?.message.contains("sent no certificate, but mTLS was asked for") == true)
    }

    @Test func `a plugin inherits no PLUGIN_ variable and gets its own`() async throws {
        let directory = try TemporaryFolder()
        let path = try directory.script(
            "env | sort >&2; stat -c %a \"$PLUGIN_UNIX_SOCKET_DIR\" >&2; exit 1")
        let lines = Mutex([String]())
        _ = await start(
            path, log: { line in lines.withLock { $0.append(line.message) } },
            change: {
                $0.environment["PLUGIN_CLIENT_CERT"] = "not ours"
                $0.environment["PLUGIN_MULTIPLEX_GRPC"] = "true"
                $0.environment["OTHER"] = "kept"
            })
        let seen = lines.withLock { $0 }
        #expect(seen.contains("HECTOR_PLUGIN=hector_plugin_v1"))
        #expect(seen.contains("PLUGIN_PROTOCOL_VERSIONS=1"))
        #expect(seen.contains("OTHER=kept"))
        #expect(seen.contains("700"))
        #expect(
            !seen.contains { $0.hasPrefix("PLUGIN_CLIENT_CERT") || $0.hasPrefix("PLUGIN_MULTI") })
    }

    @Test func `the socket of a refused handshake is removed, and no other`() async throws {
        let directory = try TemporaryFolder()
        let socket = directory.path + "/plugin123"
        let other = directory.path + "/other"
        let server = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        #expect(bind(server, to: other))
        #expect(listen(server, 1) == 0)
        let dead = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(bind(dead, to: socket))
        close(dead)
        for path in [socket, other] {
            let script = try directory.script("echo '1|5|unix|\(path)|grpc'; exec sleep 1000")
            #expect(await start(script)?.message.contains("version '5'") == true)
        }
        #expect(!FileManager.default.fileExists(atPath: socket))
        #expect(FileManager.default.fileExists(atPath: other))
    }

    private func bind(_ descriptor: Int32, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, size) == 0
            }
        }
    }

    @Test func `the socket directory is short in a long TMPDIR and gone afterwards`() async throws {
        let directory = try TemporaryFolder()
        let long = directory.path + "/" + String(repeating: "x", count: 120)
        try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: true)
        let path = try directory.script(
            "echo $PLUGIN_UNIX_SOCKET_DIR >&2; touch $PLUGIN_UNIX_SOCKET_DIR/left; exit 1")
        let lines = Mutex([String]())
        _ = await start(
            path, log: { line in lines.withLock { $0.append(line.message) } },
            change: { $0.environment["TMPDIR"] = long })
        let sockets = try #require(lines.withLock { $0.first })
        #expect(sockets.utf8.count <= 70)
        #expect(!FileManager.default.fileExists(atPath: sockets))
    }
}

/// - Returns: The reason why a plugin at this path did not start.
func start(
    _ path: String, log: @escaping @Sendable (LogLine) -> Void = { _ in },
    change: (inout Specification) -> Void = { _ in }
) async -> PluginError? {
    var specification = Specification(
        name: "it", service: Embedder.service, location: .executable(path),
        environment: ["PATH": "/usr/bin:/bin", "TMPDIR": "/tmp"])
    specification.limits.start = .seconds(30)
    specification.limits.health = .seconds(2)
    change(&specification)
    let final = specification
    do {
        try await withCompletionQueue { queue in
            try await withPlugin(final, queue: PluginQueue(completions: queue), log: log) {
                try await $0.start()
            }
        }
        return nil
    } catch {
        return error as? PluginError
    }
}

extension TemporaryFolder {
    /// Makes an executable shell script.
    ///
    /// Another process writes it. If this process did, a child that another test starts at that
    /// moment would have the file open too, and a file that is open for writing cannot be run
    /// (ETXTBSY).
    func script(_ body: String) throws -> String {
        let file = path + "/script"
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        writer.arguments = [
            "-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$0" && chmod 755 "$0""#, file, body,
        ]
        try writer.run()
        writer.waitUntilExit()
        try #require(writer.terminationStatus == 0)
        return file
    }
}
