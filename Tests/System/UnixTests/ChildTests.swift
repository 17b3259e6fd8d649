import Foundation
import Synchronization
import TestSupport
import Testing
import Unix

@Suite struct ChildTests {
    @Test func `both outputs arrive line by line before the exit`() async throws {
        let ran = try await run("printf 'one\\ntwo'; echo three >&2; exit 3")
        #expect(ran.output == ["one", "two"])
        #expect(ran.errors == ["three"])
        #expect(ran.ending == .exited(3))
    }

    @Test func `a line longer than 64 KiB comes in pieces and stops nothing`() async throws {
        let ran = try await run("head -c 300000 /dev/zero | tr '\\0' x; echo; echo after")
        #expect(ran.output.dropLast().joined().count == 300_000)
        #expect(ran.output.last == "after")
    }

    @Test func `standard input is empty`() async throws {
        #expect(try await run("cat; echo end").output == ["end"])
    }

    @Test func `a grandchild that holds the outputs delays nothing and ends too`() async throws {
        let ran = try await run("sleep 1000 & echo $!")
        let line = try #require(ran.output.first)
        let grandchild = try #require(Int32(line))
        #expect(ran.ending == .exited(0))
        // It was killed; only init has to notice.
        try await waitUntil { !isRunning(grandchild) }
    }

    @Test(arguments: [
        ("/no/such/program", ENOENT), ("/etc/passwd", EACCES), ("/tmp", EACCES),
    ])
    func `a program that cannot be run is an error`(path: String, code: Int32) async {
        let error = await #expect(throws: SystemError.self) {
            _ = try await Child.launch(path, environment: [], onLine: { _, _ in }, onExit: { _ in })
        }
        #expect(error?.code == code)
    }

    @Test func `a child starts with open signals, in a process group of its own`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let status = try await run("exec grep -E 'Sig(Blk|Ign)|^NSpgid|^Pid' /proc/self/status")
            .output
        let fields = Dictionary(
            uniqueKeysWithValues: status.map { line in
                let parts = line.split(separator: ":")
                return (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
            })
        #expect(fields["SigBlk"] == "0000000000000000")
        let ignored = try #require(UInt64(fields["SigIgn"] ?? "", radix: 16))
        #expect(ignored & (1 << (SIGPIPE - 1)) == 0)
        #expect(fields["NSpgid"] == fields["Pid"])
    }

    @Test func `a child inherits no descriptor`() async throws {
        let kept = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(kept) }
        // One more than the three: the directory that ls reads.
        #expect(try await run("exec ls /proc/self/fd").output == ["0", "1", "2", "3"])
    }

    @Test func `input is written and ended, whatever its length`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let printed = Printed()
        let endings = AsyncStream<Ending>.makeStream()
        let child = try await Child.launch(
            "/bin/cat", environment: [], takesInput: true, longestLine: 4 << 20,
            onLine: { printed.add("\($1.count)", to: $0) },
            onExit: { endings.continuation.yield($0) })
        let input = try #require(child.input)
        input.write(Array("one\n".utf8))
        // Longer than a pipe, so it is written while it is read.
        input.write(Array(repeating: UInt8(ascii: "x"), count: 3 << 20) + [UInt8(ascii: "\n")])
        input.write(Array("four".utf8))
        input.close()
        var iterator = endings.stream.makeAsyncIterator()
        #expect(await iterator.next() == .exited(0))
        #expect(printed.lines(of: .standard) == ["3", "\(3 << 20)", "4"])
        #expect(!input.write([0]))
    }

    @Test func `a child that does not read its input is ended as any other`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let endings = AsyncStream<Ending>.makeStream()
        let child = try await Child.launch(
            "/bin/sleep", arguments: ["1000"], environment: [], takesInput: true,
            onLine: { _, _ in }, onExit: { endings.continuation.yield($0) })
        child.input?.write(Array(repeating: 0, count: 1 << 22))
        child.signal(SIGKILL)
        var iterator = endings.stream.makeAsyncIterator()
        #expect(await iterator.next() == .signalled(SIGKILL))
    }

    @Test func `a signal reaches the child`() async throws {
        let ending = AsyncStream<Ending>.makeStream()
        let child = try await Child.launch(
            "/bin/sleep", arguments: ["1000"], environment: [], onLine: { _, _ in },
            onExit: { ending.continuation.yield($0) })
        child.signal(SIGTERM)
        var endings = ending.stream.makeAsyncIterator()
        #expect(await endings.next() == .signalled(SIGTERM))
        child.signal(SIGKILL)
    }
}

/// Runs a shell script to its end.
private func run(_ script: String) async throws -> (
    output: [String], errors: [String], ending: Ending?
) {
    let printed = Printed()
    let endings = AsyncStream<Ending>.makeStream()
    _ = try await Child.launch(
        "/bin/sh", arguments: ["-c", script], environment: ["PATH=/usr/bin:/bin"],
        onLine: { printed.add(String(decoding: $1, as: UTF8.self), to: $0) },
        onExit: { endings.continuation.yield($0) })
    var iterator = endings.stream.makeAsyncIterator()
    let ending = await iterator.next()
    return (printed.lines(of: .standard), printed.lines(of: .errors), ending)
}

/// The lines a child printed, gathered on its thread.
private final class Printed: Sendable {
    private let lines = Mutex<[Child.Output: [String]]>([:])

    func add(_ line: String, to output: Child.Output) {
        lines.withLock { $0[output, default: []].append(line) }
    }

    func lines(of output: Child.Output) -> [String] { lines.withLock { $0[output] ?? [] } }
}
