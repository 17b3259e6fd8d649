import Foundation
import SystemTools
import TestSupport
import Testing
import Unix

@Suite struct CommandToolTests {
    private func toolset(
        _ folder: WorkingFolder, timeout: Duration = .seconds(60),
        environment: [String: String] = [:], mostOutput: Int = 100_000
    ) throws -> Tools {
        try folder.toolset {
            $0.allowedCommands = ["sh", "ls", "/usr/bin/env", "no-such-program"]
            $0.commandTimeout = timeout
            $0.environment = environment
            $0.mostOutput = mostOutput
        }
    }

    private func run(_ script: String, _ toolset: Tools) async -> String {
        await toolset.answer("execute_command", ["argv": ["sh", "-c", script]])
    }

    @Test(arguments: [
        ("echo out", "exit status 0\nstdout:\nout\n"), ("exit 3", "exit status 3, no output"),
        ("echo err >&2; false", "exit status 1\nstderr:\nerr\n"),
        ("echo out; echo err >&2", "exit status 0\nstdout:\nout\n\nstderr:\nerr\n"),
        ("kill -9 $$", "it was killed by signal 9 (Killed), no output"),
        ("cat", "exit status 0, no output"),
        // Neither stdin nor /dev/tty is a terminal, and the command has its own session.
        ("exec 3</dev/tty", "No such device or address"),
        ("set -- $(cat /proc/self/stat); test $6 = $$ && echo leader", "leader"),
        ("trap", "exit status 0, no output"), ("ls /proc/self/fd | tr '\\n' ' '", "0 1 2 3 "),
    ])
    func `what a program leaves`(script: String, expected: String) async throws {
        let folder = try WorkingFolder()
        let answer = await run(script, try toolset(folder))
        #expect(answer.contains(expected), "\(answer)")
    }

    @Test(arguments: [
        (["rm", "-r", "."], "'rm' may not be run; allowed are: sh, ls, /usr/bin/env"),
        (["env"], "'env' may not be run"), (["/bin/sh"], "'/bin/sh' may not be run"),
        (["./sh"], "'./sh' may not be run"), (["../bin/sh"], "may not be run"),
        (["/usr/bin/../bin/env"], "may not be run"), ([""], "'' may not be run"),
        (["no-such-program"], "there is no program 'no-such-program' in /usr/local/bin, /usr/bin"),
        ([], "argument 'argv' is empty"), (["ls", "a\0b"], "contains a NUL"),
        (["sh\0x"], "contains a NUL"),
    ])
    func `only what is allowed is run`(argv: [String], reason: String) async throws {
        let folder = try WorkingFolder()
        let answer = await (try toolset(folder)).answer("execute_command", ["argv": argv])
        #expect(answer.contains(reason), "\(answer)")
    }

    @Test func `there is no shell`() async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "$(touch made); *")
        let answer = await (try toolset(folder)).answer(
            "execute_command", ["argv": ["ls", "$(touch made); *"]])
        #expect(answer == "exit status 0\nstdout:\n$(touch made); *\n")
        #expect(try folder.names() == ["$(touch made); *"])
    }

    @Test func `a program of the working directory's does not take the place of an allowed one`()
        async throws
    {
        let folder = try WorkingFolder()
        try folder.write("#!/bin/sh\necho wrong\n", to: "ls")
        try #require(chmod(folder.path + "/ls", 0o755) == 0)
        for environment in [[:], ["PATH": ".::/usr/bin:/bin"]] {
            let toolset = try toolset(folder, environment: environment)
            let answer = await toolset.answer("execute_command", ["argv": ["ls"]])
            #expect(answer == "exit status 0\nstdout:\nls\n")
        }
    }

    @Test func `the environment is clean`() async throws {
        let folder = try WorkingFolder()
        setenv("SYSTEM_TOOLS_TEST_KEY", "secret", 1)
        defer { unsetenv("SYSTEM_TOOLS_TEST_KEY") }
        let toolset = try toolset(folder, environment: ["MINE": "a b", "LANG": "C"])
        let answer = await toolset.answer("execute_command", ["argv": ["/usr/bin/env"]])
        let names = answer.split(separator: "\n").compactMap { $0.split(separator: "=").first }
        let known: Set<Substring> = [
            "exit status 0", "stdout:", "HOME", "LANG", "LC_ALL", "LOGNAME", "MINE", "PATH", "TERM",
            "TMPDIR", "TZ", "USER",
        ]
        #expect(
            Set(names).subtracting(known.map { $0 }).subtracting(["exit status 0"]).isEmpty,
            "\(answer)")
        #expect(answer.contains("\nMINE=a b\n") && answer.contains("\nLANG=C\n"))
        #expect(answer.contains("\nPATH=/usr/local/bin:/usr/bin:/bin\n"))
    }

    @Test func `it runs where the settings say`() async throws {
        let folder = try WorkingFolder()
        try folder.write("", to: "sub/file")
        let toolset = try toolset(folder)
        let answer = await toolset.answer(
            "execute_command", ["argv": ["sh", "-c", "pwd; ls"], "working_directory": "sub"])
        #expect(answer.hasSuffix("/inside/sub\nfile\n"))
        #expect(
            await toolset.answer(
                "execute_command", ["argv": ["ls"], "working_directory": "sub/file"])
                == "'sub/file' is not a directory")
    }

    /// The command starts a grandchild that would sleep for long and hold the outputs open.
    private static let family = "sleep 1000 & echo $!; exec sleep 1000"

    @Test(arguments: ["", "trap '' TERM; "])
    func `the time limit kills all that it has started`(prelude: String) async throws {
        let folder = try WorkingFolder()
        let toolset = try toolset(folder, timeout: .seconds(0.5))
        let answer = await run(prelude + Self.family, toolset)
        #expect(
            answer.hasPrefix("killed after 0.5 seconds, the time limit; it was killed by signal"))
        let grandchild = try #require(answer.firstMatch(of: /stdout:\n(\d+)\n/))
        let process = try #require(Int32(grandchild.1))
        try await waitUntil { !isRunning(process) }
    }

    @Test func `a call may ask for less time, but not for more`() async throws {
        let folder = try WorkingFolder()
        for (limit, asked) in [(Duration.seconds(60), 0.2), (.seconds(0.2), 60)] {
            let toolset = try toolset(folder, timeout: limit)
            let answer = await toolset.answer(
                "execute_command", ["argv": ["sh", "-c", "exec sleep 1000"], "timeout": asked])
            #expect(answer.hasPrefix("killed after 0.2 seconds"))
        }
        let answer = await (try toolset(folder)).answer(
            "execute_command", ["argv": ["ls"], "timeout": 0])
        #expect(answer.contains("expected a number of seconds above 0"))
    }

    @Test func `what is left when it ends is killed and not waited for`() async throws {
        let folder = try WorkingFolder()
        let answer = await run("sleep 1000 & echo $!", try toolset(folder))
        let grandchild = try #require(answer.firstMatch(of: /stdout:\n(\d+)\n/))
        let process = try #require(Int32(grandchild.1))
        try await waitUntil { !isRunning(process) }
    }

    @Test func `a call that is cancelled kills all that it has started`() async throws {
        let folder = try WorkingFolder()
        let toolset = try toolset(folder, timeout: .seconds(3600))
        try #require(mkfifo(folder.path + "/pipe", 0o600) == 0)
        let call = Task {
            try await toolset.result(
                "execute_command",
                ["argv": ["sh", "-c", "sleep 1000 & echo $! > pipe; exec sleep 1000"]])
        }
        // Opening the file waits until the command has reached this point.
        let path = folder.path + "/pipe"
        let grandchild = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let pipe = fopen(path, "r")
                var line = [CChar](repeating: 0, count: 32)
                if let pipe {
                    fgets(&line, 32, pipe)
                    fclose(pipe)
                }
                continuation.resume(returning: atoi(line))
            }
        }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(grandchild > 0)
        try await waitUntil { !isRunning(grandchild) }
    }

    @Test func `much output keeps its beginning and its end`() async throws {
        let folder = try WorkingFolder()
        let toolset = try toolset(folder, mostOutput: 4000)
        let answer = await run("seq 1 100000; seq 1 1000 >&2", toolset)
        #expect(answer.utf8.count < 4500)
        #expect(answer.contains("stdout:\n1\n2\n3\n") && answer.contains("\n99999\n100000\n"))
        #expect(
            answer.contains(
                "\n[586895 bytes left out]\n".replacing("586895", with: "\(588_895 - 2000)")))
        #expect(answer.contains("stderr:\n1\n2\n3\n") && answer.hasSuffix("\n999\n1000\n"))
    }

    @Test func `output without end ends at the time limit`() async throws {
        let folder = try WorkingFolder()
        let toolset = try toolset(folder, timeout: .seconds(0.5), mostOutput: 1000)
        let answer = await run("yes", toolset)
        #expect(answer.hasPrefix("killed after 0.5 seconds") && answer.contains("bytes left out]"))
        #expect(answer.utf8.count < 1500)
    }

    @Test func `output that is no UTF-8 is repaired`() async throws {
        let folder = try WorkingFolder()
        let answer = await run("printf '\\377a\\303'", try toolset(folder))
        #expect(answer == "exit status 0\nstdout:\n\u{FFFD}a\u{FFFD}")
    }

    @Test func `an excerpt is the beginning and the end`() {
        for count in 0...40 {
            for size in [1, 3, 7, 40] {
                let bytes = Array(UInt8(0)..<UInt8(count))
                var excerpt = Excerpt(limit: 10)
                for start in stride(from: 0, to: count, by: size) {
                    excerpt.append(bytes[start..<min(start + size, count)])
                }
                #expect(excerpt.count == count && excerpt.omitted == max(0, count - 10))
                #expect(
                    excerpt.beginning + excerpt.end == bytes.prefix(5)
                        + bytes.dropFirst(5).suffix(5))
            }
        }
    }
}
