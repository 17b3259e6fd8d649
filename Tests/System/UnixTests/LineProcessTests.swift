import Foundation
import Synchronization
import TestSupport
import Testing
import Waiting

@testable import Unix

@Suite struct LineProcessTests {
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
        while kill(grandchild, 0) == 0 {
            guard isRunning(grandchild) else { break }
            await Task.yield()
        }
    }

    @Test(arguments: [
        ("/no/such/program", ENOENT), ("/etc/passwd", EACCES), ("/tmp", EACCES),
    ])
    func `a program that cannot be run is an error`(path: String, code: Int32) async {
        let error = await #expect(throws: SystemError.self) {
            _ = try await LineProcess.launch(path, environment: [], onLine: { _, _ in })
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
        let printed = Printed()
        let endings = AsyncStream<Ending>.makeStream()
        let child = try await LineProcess.launch(
            "/bin/cat", environment: [], takesInput: true, longestLine: 4 << 20,
            onLine: { printed.add("\($1.count)", to: $0) },
            onExit: { endings.continuation.yield($0) })
        child.write(Array("one\n".utf8))
        // Longer than a pipe, so it is written while it is read.
        child.write(Array(repeating: UInt8(ascii: "x"), count: 3 << 20) + [UInt8(ascii: "\n")])
        child.write(Array("four".utf8))
        child.closeInput()
        var iterator = endings.stream.makeAsyncIterator()
        #expect(await iterator.next() == .exited(0))
        #expect(printed.lines(of: .standard) == ["3", "\(3 << 20)", "4"])
        #expect(!child.write([0]))
    }

    @Test func `a child that does not read its input is ended as any other`() async throws {
        let endings = AsyncStream<Ending>.makeStream()
        let child = try await LineProcess.launch(
            "/bin/sleep", arguments: ["1000"], environment: [], takesInput: true,
            onLine: { _, _ in }, onExit: { endings.continuation.yield($0) })
        child.write(Array(repeating: 0, count: 1 << 22))
        child.signal(SIGKILL)
        var iterator = endings.stream.makeAsyncIterator()
        #expect(await iterator.next() == .signalled(SIGKILL))
    }

    @Test func `a signal reaches the child`() async throws {
        let ending = AsyncStream<Ending>.makeStream()
        let child = try await LineProcess.launch(
            "/bin/sleep", arguments: ["1000"], environment: [], onLine: { _, _ in },
            onExit: { ending.continuation.yield($0) })
        child.signal(SIGTERM)
        var endings = ending.stream.makeAsyncIterator()
        #expect(await endings.next() == .signalled(SIGTERM))
        child.signal(SIGKILL)
    }

    // MARK: Lines

    @Test func `lines that are written before the start are not lost`() async throws {
        let printed = Printed()
        let process = LineProcess()
        process.write(Array("early\n".utf8))
        process.closeInput()
        try await process.start(
            "/bin/cat", environment: [], takesInput: true,
            onLine: { printed.add(String(decoding: $1, as: UTF8.self), to: $0) })
        #expect(await process.ending.waitRegardless() == .exited(0))
        #expect(printed.lines(of: .standard) == ["early"])
    }

    @Test func `a line of 10 MB comes whole`() async throws {
        let printed = Printed()
        let process = try await LineProcess.launch(
            "/bin/cat", environment: [], takesInput: true, longestLine: 32 << 20,
            onLine: { printed.add("\($1.count)", to: $0) })
        let line = Array(repeating: UInt8(ascii: "x"), count: 10_000_000)
        process.write(line + [UInt8(ascii: "\n")] + line)
        process.closeInput()
        #expect(await process.ending.waitRegardless() == .exited(0))
        #expect(printed.lines(of: .standard) == ["10000000", "10000000"])
    }

    @Test func `a process that dies in the middle of a line leaves what it has written`()
        async throws
    {
        let ran = try await run("printf 'whole\\npart'; kill -KILL $$")
        #expect(ran.output == ["whole", "part"])
        #expect(ran.ending == .signalled(SIGKILL))
    }

    @Test func `what is written to a process that has gone is refused`() async throws {
        let process = try await LineProcess.launch(
            "/bin/true", environment: [], takesInput: true, onLine: { _, _ in })
        // More than a pipe holds, at any time.
        while process.write(Array(repeating: 0, count: 1 << 20)) { await Task.yield() }
        #expect(await process.ending.waitRegardless() == .exited(0))
        #expect(!process.write([0]))
        process.closeInput()
    }

    @Test func `lines of both outputs keep their order, and the last of one are kept`()
        async throws
    {
        let printed = Printed()
        let process = try await LineProcess.launch(
            "/bin/sh",
            arguments: ["-c", "for n in $(seq 1 500); do echo o$n; echo e$n >&2; done"],
            environment: ["PATH=/usr/bin:/bin"],
            onLine: { printed.add(String(decoding: $1, as: UTF8.self), to: $0) })
        #expect(await process.ending.waitRegardless() == .exited(0))
        #expect(printed.lines(of: .standard) == (1...500).map { "o\($0)" })
        #expect(printed.lines(of: .errors) == (1...500).map { "e\($0)" })
        #expect(process.lastLines.lines == (491...500).map { "e\($0)" })
    }

    @Test func `an unfinished line is shown as far as it has come, and the end of output told`()
        async throws
    {
        let (texts, text) = AsyncStream.makeStream(of: String.self)
        let process = try await LineProcess.launch(
            "/bin/sh", arguments: ["-c", "printf begun; exec >&-; read -r line; exit 4"],
            environment: [], takesInput: true,
            onLine: { text.yield("line \(String(decoding: $1, as: UTF8.self))") },
            onUnfinishedLine: { text.yield("unfinished \(String(decoding: $0, as: UTF8.self))") },
            onOutputEnd: { text.yield("end") }, onExit: { text.yield("\($0)") })
        var iterator = texts.makeAsyncIterator()
        for expected in ["unfinished begun", "line begun", "end"] {
            #expect(await iterator.next() == expected)
        }
        process.closeInput()
        #expect(await iterator.next() == "exited with status 4")
    }

    // MARK: Ending

    /// A process that has said that it is ready.
    private func ready(_ script: String) async throws -> LineProcess {
        let isReady = Latch<Void>()
        let process = try await LineProcess.launch(
            "/bin/sh", arguments: ["-c", script], environment: ["PATH=/usr/bin:/bin"],
            takesInput: true, onLine: { _, _ in isReady.set() })
        await isReady.waitRegardless()
        return process
    }

    private static let long = Duration.seconds(1000)

    @Test func `who ends with its input is sent no signal`() async throws {
        let process = try await ready("trap 'exit 9' TERM; echo; cat; exit 5")
        await process.end(after: Self.long, grace: Self.long)
        #expect(process.ending.value == .exited(5))
    }

    @Test func `who does not is told to end`() async throws {
        let process = try await ready("trap 'exit 9' TERM; echo; while :; do sleep 0.01; done")
        await process.end(after: .milliseconds(1), grace: Self.long)
        #expect(process.ending.value == .exited(9))
    }

    @Test func `who does not heed that is killed`() async throws {
        let process = try await ready("trap '' TERM; echo; while :; do sleep 0.01; done")
        await process.end(grace: .milliseconds(50))
        #expect(process.ending.value == .signalled(SIGKILL))
    }

    @Test func `who is stopped is told to end as well`() async throws {
        let process = try await ready("trap 'exit 9' TERM; echo; while :; do sleep 0.01; done")
        process.signal(SIGSTOP)
        await process.end(grace: Self.long)
        #expect(process.ending.value == .exited(9))
    }

    @Test func `an end is waited for in a task that is cancelled`() async throws {
        let process = try await ready("trap '' TERM; echo; while :; do sleep 0.01; done")
        let end = Task { await process.end(grace: .milliseconds(50)) }
        end.cancel()
        await end.value
        #expect(process.ending.value == .signalled(SIGKILL))
    }

    @Test func `who has ended needs no more ending`() async throws {
        let process = try await LineProcess.launch(
            "/bin/true", environment: [], takesInput: true, onLine: { _, _ in })
        #expect(await process.ending.waitRegardless() == .exited(0))
        await process.end(grace: Self.long)
        await process.end(after: Self.long, grace: Self.long)
        await LineProcess().end(grace: Self.long)
    }

    @Test func `a grandchild that holds the outputs open is ended with its parent`() async throws {
        let line = Latch<String>()
        let process = try await LineProcess.launch(
            "/bin/sh", arguments: ["-c", "trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000"],
            environment: ["PATH=/usr/bin:/bin"],
            onLine: { line.set(String(decoding: $1, as: UTF8.self)) })
        let grandchild = try #require(Int32(await line.waitRegardless()))
        await process.end(grace: .milliseconds(50))
        #expect(process.ending.value == .signalled(SIGKILL))
        while isRunning(grandchild) { await Task.yield() }
    }
}

/// Runs a shell script to its end.
private func run(_ script: String) async throws -> (
    output: [String], errors: [String], ending: Ending?
) {
    let printed = Printed()
    let endings = AsyncStream<Ending>.makeStream()
    _ = try await LineProcess.launch(
        "/bin/sh", arguments: ["-c", script], environment: ["PATH=/usr/bin:/bin"],
        onLine: { printed.add(String(decoding: $1, as: UTF8.self), to: $0) },
        onExit: { endings.continuation.yield($0) })
    var iterator = endings.stream.makeAsyncIterator()
    let ending = await iterator.next()
    return (printed.lines(of: .standard), printed.lines(of: .errors), ending)
}

/// The lines a child printed, gathered on its thread.
private final class Printed: Sendable {
    private let lines = Mutex<[LineProcess.Output: [String]]>([:])

    func add(_ line: String, to output: LineProcess.Output) {
        lines.withLock { $0[output, default: []].append(line) }
    }

    func lines(of output: LineProcess.Output) -> [String] { lines.withLock { $0[output] ?? [] } }
}
