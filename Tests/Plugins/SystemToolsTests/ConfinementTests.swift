import Foundation
import Synchronization
import SystemTools
import Testing
import Unix

/// Paths that no tool reaches, whatever the call.
@Suite struct ConfinementTests {
    /// Calls of every tool that takes a path.
    private static let calls: [(name: String, argument: String, others: [String: any Sendable])] = [
        ("read_file", "path", [:]),
        ("write_file", "path", ["content": "x"]),
        ("write_file", "path", ["content": "x", "create_directories": true]),
        ("search_replace", "path", ["old": "secret", "new": "x"]),
        ("grep_search", "path", ["pattern": "."]),
        ("list_directory", "path", [:]),
        ("execute_command", "working_directory", ["argv": ["ls"]]),
    ]

    /// Calls all tools with one path, expecting that none does anything with it.
    private func expectRefusal(
        _ path: String, in folder: WorkingFolder, saying reason: String
    ) async throws {
        let toolset = try folder.toolset { $0.allowedCommands = ["ls"] }
        for call in Self.calls {
            let answer = await toolset.answer(
                call.name, call.others.merging([call.argument: path]) { $1 })
            #expect(answer.contains(reason), "\(call.name): \(answer)")
        }
        #expect(folder.outsideIsUntouched)
    }

    @Test(arguments: [
        "../outside/secret", "../outside", "..", "a/../../outside/secret", "./../outside/secret",
        "../../../../../../../../etc/passwd",
    ])
    func `dots do not lead out`(path: String) async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "a/b")
        // '..' itself is not the name of a file that could be written.
        for reason in path == ".." ? [] : ["leads out of the working directory"] {
            try await expectRefusal(path, in: folder, saying: reason)
        }
        #expect(
            await (try folder.toolset()).answer("read_file", ["path": path]).contains("leads out"))
    }

    @Test(arguments: ["/etc/passwd", "/", "/etc"])
    func `absolute paths are refused`(path: String) async throws {
        try await expectRefusal(path, in: try WorkingFolder(), saying: "is an absolute path")
    }

    @Test func `an absolute path to the working directory is refused too`() async throws {
        let folder = try WorkingFolder()
        try await expectRefusal(folder.path + "/x", in: folder, saying: "is an absolute path")
    }

    @Test(arguments: [
        ("../outside/secret", "link"), ("/etc/passwd", "link"), ("../outside", "link"),
        ("../outside", "link/secret"), ("/etc", "link/passwd"), ("../outside", "link/new"),
        ("../outside/new", "link"), ("sub/up/../outside/secret", "link"),
        ("sub/up", "link/outside/secret"),
    ])
    func `links do not lead out, to a file or a directory, last or not`(
        target: String, path: String
    ) async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "sub/file")
        try folder.link("sub/up", to: "../..")
        try folder.link("link", to: target)
        try await expectRefusal(path, in: folder, saying: "leads out of the working directory")
    }

    /// The slash of such a path is a slash to the kernel, but not to Swift.
    @Test(arguments: ["link/\u{301}new", "link/\u{301}a/new", "last", "link/\u{200D}\u{301}"])
    func `a slash with an accent is a slash`(path: String) async throws {
        let folder = try WorkingFolder()
        try folder.link("link", to: "../outside")
        try folder.link("last", to: "link/\u{301}new")
        try await expectRefusal(path, in: folder, saying: "leads out of the working directory")
        #expect(try folder.names() == ["last", "link"])
    }

    @Test func `links within the directory are followed`() async throws {
        let folder = try WorkingFolder()
        try folder.write("one\n", to: "a/b/file")
        try folder.link("file", to: "a/b/file")
        try folder.link("a/up", to: "../a/b")
        try folder.link("chain", to: "a/up/file")
        let toolset = try folder.toolset { $0.allowedCommands = ["cat"] }
        for path in ["file", "a/up/file", "chain", "a/up/../b/file"] {
            #expect(await toolset.answer("read_file", ["path": path]) == "one\n")
        }
        #expect(await toolset.answer("list_directory", ["path": "a/up"]) == "file\t4")
        #expect(
            await toolset.answer("grep_search", ["pattern": "o", "path": "a/up"])
                == "a/up/file:1:one")
        #expect(
            await toolset.answer(
                "execute_command", ["argv": ["cat", "file"], "working_directory": "a/up"]
            ).contains("one"))

        // A link stays a link, and the file that it leads to is written.
        #expect(
            await toolset.answer("write_file", ["path": "chain", "content": "two\n"])
                == "replaced 'chain': 4 bytes")
        #expect(try folder.read("a/b/file") == "two\n")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/chain")
                == "a/up/file")
        #expect(try folder.names(in: "a/b") == ["file"])
        try folder.link("new", to: "a/b/made")
        #expect(
            await toolset.answer("write_file", ["path": "new", "content": "x"]).contains("created"))
        #expect(try folder.read("a/b/made") == "x")
    }

    @Test func `a loop of links is an error`() async throws {
        let folder = try WorkingFolder()
        try folder.link("a", to: "b")
        try folder.link("b", to: "a")
        try await expectRefusal("a", in: folder, saying: "goes through a link that is not followed")
    }

    @Test(arguments: [
        "self/root/etc/passwd", "self/cwd/Package.swift", "thread-self/root/etc/passwd",
    ])
    func `the links of proc lead nowhere`(path: String) async throws {
        let toolset = Tools(toolset: try Toolset(ToolsetSettings(workingDirectory: "/proc")))
        for name in ["read_file", "write_file", "list_directory"] {
            let content: [String: Any] = name == "write_file" ? ["content": "x"] : [:]
            let answer = await toolset.answer(name, content.merging(["path": path]) { $1 })
            #expect(
                answer
                    == "'\(path)' goes through a link that is not followed, as in a loop or in /proc"
                    || name == "write_file" && answer.contains("link that is not followed"),
                "\(answer)")
        }
    }

    @Test func `a link to a link of proc leads nowhere`() async throws {
        let folder = try WorkingFolder()
        try folder.link("root", to: "/proc/self/root")
        try await expectRefusal("root/etc/passwd", in: folder, saying: "leads out")
    }

    @Test(arguments: ["a\0b", "\0", "../outside/secret\0.txt"])
    func `a NUL in a path is refused`(path: String) async throws {
        try await expectRefusal(path, in: try WorkingFolder(), saying: "it contains a NUL")
    }

    @Test func `an empty path is refused`() async throws {
        try await expectRefusal("", in: try WorkingFolder(), saying: "the path is empty")
    }

    @Test func `pipes, sockets and devices are never waited for`() async throws {
        let folder = try WorkingFolder()
        try #require(mkfifo(folder.path + "/pipe", 0o666) == 0)
        let toolset = try folder.toolset()
        let calls: [(String, [String: Any])] = [
            ("read_file", [:]), ("write_file", ["content": "x"]),
            ("search_replace", ["old": "a", "new": "b"]), ("grep_search", ["pattern": "."]),
        ]
        for (name, arguments) in calls {
            let answer = await toolset.answer(name, arguments.merging(["path": "pipe"]) { $1 })
            #expect(answer.contains("not a regular file"), "\(name): \(answer)")
        }
        // The same holds when a search comes across it.
        #expect(
            await toolset.answer("grep_search", ["pattern": "."]) == "no matches in 0 files")
        #expect(try folder.names() == ["pipe"])

        let devices = Tools(toolset: try Toolset(ToolsetSettings(workingDirectory: "/dev")))
        for name in ["zero", "null", "tty", "ptmx"] {
            let answer = await devices.answer("read_file", ["path": name])
            #expect(answer.contains("not a regular file"), "\(name): \(answer)")
        }
    }

    @Test func `a working directory that is removed is reported`() async throws {
        let folder = try WorkingFolder()
        let toolset = try folder.toolset { $0.allowedCommands = ["ls"] }
        try FileManager.default.removeItem(atPath: folder.path)
        for (name, arguments) in [
            ("read_file", ["path": "x"]), ("write_file", ["path": "x", "content": "x"]),
            ("write_file", ["path": "x/y", "content": "x", "create_directories": true]),
        ] as [(String, [String: Any])] {
            let answer = await toolset.answer(name, arguments)
            #expect(answer == "the working directory has been removed", "\(name)")
        }
        #expect(await toolset.answer("list_directory", [:]) == "[the directory is empty]")
        #expect(await toolset.answer("execute_command", ["argv": ["ls"]]).hasPrefix("exit status"))
        // A new directory in its place is a different one.
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        try folder.write("new", to: "x")
        #expect(
            await toolset.answer("read_file", ["path": "x"])
                == "the working directory has been removed")
    }

    @Test(arguments: [("missing", "no file"), ("file", "is not a directory")])
    func `a working directory that is none is refused`(name: String, reason: String) throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "file")
        let error = #expect(throws: ConfinementError.self) {
            try Toolset(ToolsetSettings(workingDirectory: "\(folder.path)/\(name)"))
        }
        #expect("\(try #require(error))".contains(reason))
    }

    /// A thread puts a link to the outside in the place of a directory and takes it back, again and
    /// again.
    @Test func `a racing rename never leads out`() async throws {
        let folder = try WorkingFolder()
        try folder.write("inside", to: "d/secret")
        try folder.link("link", to: "../outside")
        let toolset = try folder.toolset()
        let swapping = Swapping(in: folder.path)
        do {
            defer { swapping.stop() }
            // The race is real: a program that asks the file system naively gets out.
            var hasEscaped = false
            for _ in 0..<1_000_000 where !hasEscaped {
                hasEscaped = (try? folder.read("d/secret")) == "secret"
            }
            #expect(hasEscaped)

            var (worked, refused) = (0, 0)
            for round in 0..<20_000 where min(worked, refused) < 100 || round < 300 {
                let read = await toolset.answer("read_file", ["path": "d/secret"])
                #expect(read != "secret")
                let edit = await toolset.answer(
                    "search_replace", ["path": "d/secret", "old": "secret", "new": "gone"])
                #expect(!edit.hasPrefix("replaced"))
                let written = await toolset.answer(
                    "write_file", ["path": "d/new", "content": "\(round)"])
                let listed = await toolset.answer(
                    "grep_search", ["pattern": "secret", "path": "d"])
                #expect(!listed.contains("d/secret:1:secret"))
                for answer in [read, written] {
                    if answer == "inside" || answer.hasSuffix("bytes") || answer.hasSuffix("byte") {
                        worked += 1
                    } else if answer.contains("leads out") {
                        refused += 1
                    }
                }
            }
            #expect(worked > 0 && refused > 0, "\(worked) worked, \(refused) were refused")
        }
        #expect(folder.outsideIsUntouched)
        #expect(try folder.names(in: "d") == ["new", "secret"])
    }
}

/// A thread that puts a link in the place of the directory `d` and takes it back, again and again.
private final class Swapping: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(in path: String) {
        Thread.detachNewThread { [self] in
            while !isOver.load(ordering: .relaxed) {
                rename(path + "/d", path + "/real")
                rename(path + "/link", path + "/d")
                rename(path + "/d", path + "/link")
                rename(path + "/real", path + "/d")
            }
            hasEnded.signal()
        }
    }

    /// Stops the swapping and returns once everything is in its place.
    func stop() {
        isOver.store(true, ordering: .relaxed)
        hasEnded.wait()
    }
}
