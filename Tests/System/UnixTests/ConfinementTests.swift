import Foundation
import TestSupport
import Testing
import Waiting

@testable import Unix

/// The limits of a program that tries everything: `Tests/Foreign/python/hostile.py`.
@Suite(
    .serialized,
    .enabled("this kernel has no Landlock") { ConfinementSupport.current.landlock > 0 })
struct ConfinementTests {
    /// Kernels with these versions of Landlock's interface are imitated: some of what Landlock does
    /// in newer ones is then the filter's work.
    static let versions = [1, 2, 3, 5, 6, 9].filter { $0 <= ConfinementSupport.current.landlock }

    @Test(arguments: versions)
    func `a hostile program reads nothing, connects nowhere, starts nothing and kills nobody`(
        version: Int
    ) async throws {
        var confinement = Confinement()
        confinement.support.landlock = version
        let attempts = try await hostile(confinement)
        let done = attempts.done.filter { !$0.hasPrefix("may ") }
        #expect(done == [])
        #expect(attempts.done.count == 11, "\(attempts.results)")
        #expect(attempts.results.count > 50)
        #expect(attempts.victimLives)
        #expect(attempts.results["descriptors"] == "0 1 2")
    }

    @Test func `without limits the same program does nearly all of it`() async throws {
        let attempts = try await hostile(nil)
        for name in ["read a key", "write .bashrc", "connect to TCP", "connect to a Unix socket"] {
            #expect(attempts.results[name] == "DONE")
        }
        #expect(attempts.results["start a shell"] == "DONE")
        #expect(!attempts.victimLives)
    }

    @Test(.enabled("this kernel limits no ports") { ConfinementSupport.current.landlock >= 4 })
    func `a program with a port connects only there, and listens where the host finds it`()
        async throws
    {
        let attempts = try await hostile(Confinement(), connectsToServer: true)
        #expect(attempts.results["connect to TCP"] == "DONE")
        #expect(attempts.results["connect to another port"] == "EACCES")
        for name in [
            "connect to a Unix socket", "connect to an abstract socket", "send to a Unix socket",
            "connect to a Unix socket afterwards", "make an MPTCP socket", "make a raw socket",
            "start true", "read a key",
        ] {
            #expect(attempts.results[name] != "DONE", "\(name)")
        }
        #expect(attempts.results["may listen"] == "DONE")
        #expect(attempts.greeting == "hello")
        #expect(attempts.victimLives)
    }

    @Test(.enabled("this kernel limits no signals") { ConfinementSupport.current.landlock >= 6 })
    func `a program starts those that are named, and those have its limits`() async throws {
        var confinement = Confinement()
        confinement.programs = .only(["/bin/true"])
        let attempts = try await hostile(confinement)
        #expect(attempts.results["start true"] == "DONE")
        #expect(attempts.results["fork"] == "DONE")
        for name in ["start a shell", "become a shell", "execute memory", "kill", "read a key"] {
            #expect(attempts.results[name] != "DONE", "\(name)")
        }
        #expect(attempts.victimLives)

        confinement.programs = .only(["/bin/sh", "/bin/cat"])
        let ran = try await run(
            "/bin/sh", ["-c", "cat \(attempts.home)/.ssh/id || echo held"], confinement)
        #expect(ran.output == ["held"])
    }

    @Test func `a program reads and writes what it is given`() async throws {
        let folder = try TemporaryFolder()
        let readable = try folder.write("text", to: "readable")
        let other = try folder.write("text", to: "other")
        let made = folder.path + "/made/deep"
        var confinement = Confinement(readable: [readable], writable: [made])
        confinement.created = [made]
        let attempts = try await hostile(confinement, [readable, other])
        #expect(attempts.results["may read \(readable)"] == "DONE")
        #expect(attempts.results["append to \(readable)"] == "EACCES")
        #expect(attempts.results["may read \(other)"] == "EACCES")
        #expect(try File(made).mode == 0o700)
        #expect(throws: SystemError.self) { try File(folder.path + "/absent") }
    }

    @Test func `the folders of libraries are read, and not those of other files`() {
        let maps = """
            7f00-7f01 r-xp 00000000 08:01 1   /opt/swift/lib/libswiftCore.so
            7f01-7f02 r-xp 00000000 08:01 2   /opt/other/lib/libx.so.1.2
            7f02-7f03 r--p 00000000 08:01 3   /home/me/notes.so-and-so/mail.mdb
            7f03-7f04 r--p 00000000 08:01 4   /home/me/lib.so.txt
            7f04-7f05 r-xp 00000000 08:01 5   /usr/lib/libc.so.6
            7f05-7f06 rw-p 00000000 00:00 0
            """
        #expect(
            SystemPaths.libraryFolders(inMaps: Array(maps.utf8))
                == ["/opt/swift/lib", "/opt/other/lib"])
    }

    @Test func `limits that a kernel cannot keep are told, with the kernel that can`() {
        var confinement = Confinement()
        confinement.support = ConfinementSupport(landlock: 0, hasFilters: true)
        #expect(confinement.unmet.count == 1)
        #expect(confinement.refusal(of: "x")?.contains("Landlock (Linux 5.13)") == true)
        confinement.support = ConfinementSupport(landlock: 7, hasFilters: false)
        #expect(confinement.unmet == ["this kernel does not filter system calls (seccomp)"])
        confinement.support = ConfinementSupport(landlock: 1, hasFilters: true)
        #expect(confinement.unmet.isEmpty)
        confinement.ports = .all
        #expect(confinement.unmet.isEmpty)
        confinement.ports = .only([443])
        confinement.programs = .only(["/bin/true"])
        confinement.sockets = .only(["/run/x"])
        #expect(confinement.unmet.count == 3)
        confinement.support.landlock = 9
        #expect(confinement.unmet.isEmpty)
    }

    @Test(arguments: [
        ("#!/usr/bin/python3\n", "/usr/bin/python3", []),
        ("#! /bin/sh  -e -u \nrest", "/bin/sh", ["-e -u"]),
        ("#!/bin/sh", "/bin/sh", []),
        ("#!/usr/bin/env sh\n", "/bin/sh", []),
        ("#!/usr/bin/env -S sh -e\n", "/bin/sh", ["-e"]),
    ])
    func `the interpreter of a script is found without env`(
        text: String, interpreter: String, arguments: [String]
    ) throws {
        let script = try #require(
            Script(firstBytes: Array(text.utf8))?.withoutEnv(path: "/nowhere:/bin"))
        #expect(script.interpreter == interpreter)
        #expect(script.arguments == arguments)
    }

    @Test func `a start takes less than 2 ms more with limits than without`() async throws {
        // On a busy machine only the shortest times are those of the work itself; the medians are
        // in Tests/Benchmarks.
        var (plain, confined) = (Duration.seconds(1000), Duration.seconds(1000))
        for count in 0..<1000 where count < 40 || confined - plain >= .milliseconds(2) {
            plain = min(plain, try await timeToStart(nil))
            confined = min(confined, try await timeToStart(Confinement()))
        }
        #expect(confined - plain < .milliseconds(2))
    }

    private func timeToStart(_ confinement: Confinement?) async throws -> Duration {
        let begin = ContinuousClock.now
        let process = try await LineProcess.launch(
            "/bin/true", environment: [], confinement: confinement, onLine: { _, _ in })
        let time = ContinuousClock.now - begin
        _ = await process.ending.waitRegardless()
        return time
    }

    // MARK: The hostile program

    private struct Attempts {
        var results: [String: String] = [:]
        var victimLives = false
        /// The text that a client of the program's own socket got.
        var greeting: String?
        var home = ""

        var done: [String] { results.filter { $0.value == "DONE" }.keys.sorted() }
    }

    /// Runs the program with a home directory, servers and a victim that are made for it.
    private func hostile(
        _ limits: Confinement?, _ files: [String] = [], connectsToServer: Bool = false
    ) async throws -> Attempts {
        let folder = try TemporaryFolder()
        let home = folder.path + "/home"
        let own = folder.path + "/own"
        for path in [home + "/.ssh", own] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
        try folder.write("key", to: "home/.ssh/id")
        try folder.write("shell", to: "home/.bashrc")
        let servers = try Servers(folder.path + "/server")
        let victim = try await LineProcess.launch(
            "/bin/sleep", arguments: ["600"], environment: [], onLine: { _, _ in })
        var confinement = limits
        confinement?.writable.append(own)
        confinement?.socketFolder = own
        if connectsToServer { confinement?.ports = .only([servers.ports[0]]) }
        let environment = [
            "HOME=\(home)", "OWN_FOLDER=\(own)", "TCP_PORT=\(servers.ports[0])",
            "OTHER_PORT=\(servers.ports[1])", "UNIX_SOCKET=\(servers.path)",
            "ABSTRACT_SOCKET=\(servers.abstractName)", "VICTIM=\(victim.processID ?? 0)",
            "READABLE=\(files.joined(separator: " "))", "PATH=/usr/bin:/bin",
        ]
        var attempts = Attempts(home: home)
        let listens = Latch<String>()
        let lines = Lines()
        let program = Project.root + "/Tests/Foreign/python/hostile.py"
        let process = try await LineProcess.launch(
            "/usr/bin/python3", arguments: [program] + (connectsToServer ? ["--wait"] : []),
            environment: environment,
            confinement: confinement.map { limits in
                var limits = limits
                limits.readable.append(program)
                return limits
            }
        ) { output, line in
            let text = String(decoding: line, as: UTF8.self)
            lines.add(output == .errors ? "error: " + text : text)
            if text.hasPrefix("connect to a Unix socket afterwards:") { listens.set(text) }
        }
        if connectsToServer {
            _ = await listens.waitRegardless()
            SocketGate.link(from: own + "/own")
            let client = FileHandle(
                fileDescriptor: try connect(toSocket: own + "/own"), closeOnDealloc: true)
            attempts.greeting = String(decoding: client.readDataToEndOfFile(), as: UTF8.self)
        }
        let ending = await process.ending.waitRegardless()
        #expect(ending == .exited(0), "\(lines.all)")
        for line in lines.all {
            guard let colon = line.range(of: ": ", options: .backwards) else { continue }
            attempts.results[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
        if limits == nil { _ = await victim.ending.waitRegardless() }
        attempts.victimLives = victim.ending.value == nil && isRunning(victim.processID ?? 0)
        await victim.end(grace: .seconds(1))
        if limits != nil {
            #expect(try String(contentsOfFile: home + "/.bashrc", encoding: .utf8) == "shell")
        }
        return attempts
    }

    private func run(
        _ path: String, _ arguments: [String], _ confinement: Confinement?
    ) async throws -> (output: [String], ending: Ending) {
        let lines = Lines()
        let process = try await LineProcess.launch(
            path, arguments: arguments, environment: ["PATH=/usr/bin:/bin"],
            confinement: confinement
        ) { output, line in
            if output == .standard { lines.add(String(decoding: line, as: UTF8.self)) }
        }
        let ending = await process.ending.waitRegardless()
        return (lines.all, ending)
    }
}

/// Lines that arrive on another thread.
private final class Lines: Sendable {
    private let lines = Monitor<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }
}

/// Servers that only listen: on two TCP ports, at a path, and at an abstract name.
private final class Servers {
    let path: String
    let abstractName = "hector-test-\(UUID().uuidString)"
    private(set) var ports: [UInt16] = []
    private var descriptors: [Int32] = []

    init(_ path: String) throws {
        self.path = path
        for _ in 0..<2 {
            let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(made, $0, size)
                    _ = getsockname(made, $0, &size)
                }
            }
            listen(made, 16)
            ports.append(UInt16(bigEndian: address.sin_port))
            descriptors.append(made)
        }
        for bytes in [Array(path.utf8), [0] + Array(abstractName.utf8)] {
            let made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = bind(made, $0, size) }
            }
            listen(made, 16)
            descriptors.append(made)
        }
    }

    deinit { descriptors.forEach { close($0) } }
}
