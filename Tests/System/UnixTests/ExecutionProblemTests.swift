import Foundation
import Testing
import Unix

@Suite struct ExecutionProblemTests {
    @Test(arguments: [
        ("#!/bin/sh\r\nexit\n", ENOENT, "ends with a carriage return"),
        ("#!/bin/sh -e\r\nexit\n", 0, ""),
        ("#! /no/such/shell -x\n", ENOENT, "needs the interpreter '/no/such/shell', which is not"),
        ("#!/etc/passwd\n", EACCES, "'/etc/passwd' is not executable"),
        ("#!/tmp\n", EACCES, "needs the interpreter '/tmp', and '/tmp' is a directory"),
        ("#!\n", ENOEXEC, "names no interpreter"),
        ("\u{feff}#!/bin/sh\n", ENOEXEC, "begins with a byte order mark"),
        ("", ENOEXEC, "is empty"),
        ("echo\n", ENOEXEC, "has to name its interpreter in its first line"),
    ])
    func `a script that cannot be run is distinguished`(
        text: String, code: Int32, message: String
    ) throws {
        try withFile(Data(text.utf8)) { path in
            #expect(errno(ofRunning: path) == code)
            if code == 0 {
                #expect(File.hintAtFirstLine(of: path)?.contains("carriage return") == true)
            } else {
                let problem = ExecutionProblem(code, running: path)
                #expect(problem?.description.contains(message) == true, "\(problem as Any)")
            }
        }
    }

    @Test func `the loader that an ELF file misses is named`() throws {
        let own = try Data(contentsOf: URL(fileURLWithPath: "/bin/true"))
        let name = Data("/ld-linux".utf8)
        let range = try #require(own.range(of: name))
        var patched = own
        patched.replaceSubrange(range, with: Data("/xx-linux".utf8))
        try withFile(patched) { path in
            #expect(errno(ofRunning: path) == ENOENT)
            let problem = ExecutionProblem(ENOENT, running: path)
            #expect(
                problem?.description.contains("/xx-linux") == true
                    && problem?.description.contains("which is not installed") == true)
        }
    }

    @Test func `paths that lead to no program are distinguished`() throws {
        try withFile(Data()) { path in
            let link = path + "-link"
            symlink("/no/such/target", link)
            defer { unlink(link) }
            #expect(
                ExecutionProblem(ENOENT, running: link)?.description
                    == "'\(link)' is a link to a file that does not exist")
            #expect(
                ExecutionProblem(ENOENT, running: path + "-none")?.description
                    == "'\(path)-none' does not exist")
            #expect(
                ExecutionProblem(EACCES, running: "/tmp")?.description == "'/tmp' is a directory")
            #expect(
                ExecutionProblem(EACCES, running: "/dev/null")?.description
                    == "'/dev/null' is not a regular file")
            chmod(path, 0o600)
            #expect(
                File.obstacle(toRunning: path)?.description
                    == "'\(path)' is not executable; chmod +x it")
            #expect(File.obstacle(toRunning: "/bin/sh") == nil)
            #expect(ExecutionProblem(EMFILE, running: path) == nil)
        }
    }

    @Test(.enabled(if: isWithoutPrograms("/proc")))
    func `a file system without programs is named`() throws {
        #expect(
            File.obstacle(toRunning: "/proc/version")?.description
                == "'/proc/version' is in the file system at '/proc', which is mounted noexec; "
                + "put it elsewhere")
        try withFile(Data("#!/proc/version\n".utf8)) { path in
            #expect(errno(ofRunning: path) == EACCES)
            let problem = ExecutionProblem(EACCES, running: path)
            #expect(problem?.description.contains("'/proc', which is mounted noexec") == true)
        }
    }

    private func withFile(_ bytes: Data, _ body: (String) throws -> Void) throws {
        let path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("hx-\(UUID().uuidString.prefix(8))").path
        // Another process writes it, because a file that a child of another test has open cannot be
        // run.
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        writer.arguments = ["-c", "cat > '\(path)' && chmod 755 '\(path)'"]
        let pipe = Pipe()
        writer.standardInput = pipe
        try writer.run()
        pipe.fileHandleForReading.closeFile()
        pipe.fileHandleForWriting.write(bytes)
        pipe.fileHandleForWriting.closeFile()
        writer.waitUntilExit()
        defer { unlink(path) }
        try body(path)
    }

    /// Returns the code with which the system refuses to run a file, 0 if it does not.
    private func errno(ofRunning path: String) -> Int32 {
        var process = pid_t()
        let argument = strdup(path)
        defer { free(argument) }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let code = posix_spawn(&process, path, &actions, nil, [argument, nil], &environment)
        if code == 0 { waitpid(process, nil, 0) }
        return code
    }
}

private func isWithoutPrograms(_ path: String) -> Bool {
    var status = statvfs()
    return statvfs(path, &status) == 0 && status.f_flag & 8 != 0
}
