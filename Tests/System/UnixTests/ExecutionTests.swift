import Foundation
import Synchronization
import TestSupport
import Testing
import Waiting

@testable import Unix

@Suite struct ShellCommandTests {
    @Test func `a command reads its input, and its status is told`() async throws {
        let ending = try await ShellCommand.run(
            "test \"$(cat)\" = hello && exit 7", input: Array("hello".utf8))
        #expect(ending == .exited(7))
    }

    @Test func `a command is told to end when the task is cancelled`() async throws {
        let command = Task { try await ShellCommand.run("exec sleep 1000", input: []) }
        command.cancel()
        #expect(try await command.value == .signalled(SIGTERM))
    }
}

@Suite struct ExecutionTests {
    private func execute(
        _ script: String, timeout: Duration, endsAtMostOutput: Bool = false, mostMemory: Int = 0,
        until interruption: Interruption = Interruption()
    ) async throws -> Execution {
        try await Latch.onThread {
            Result {
                try Execution.run(
                    "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"],
                    in: ConfinedDirectory("/"), timeout: timeout, mostOutput: 100,
                    endsAtMostOutput: endsAtMostOutput, mostMemory: mostMemory, until: interruption)
            }
        }.waitRegardless().get()
    }

    @Test func `what a program prints is kept, and its end told`() async throws {
        let execution = try await execute(
            "echo out; echo err >&2; pwd; exit 3", timeout: .seconds(1000))
        #expect(execution.output.beginning == Array("out\n/\n".utf8))
        #expect(execution.errors.beginning == Array("err\n".utf8))
        #expect(execution.ending == .exited(3))
        #expect(!execution.isTimedOut)
    }

    @Test func `one that takes too long is told to end, and killed if it does not`() async throws {
        let heeds = try await execute("exec sleep 1000", timeout: .milliseconds(50))
        #expect(heeds.isTimedOut)
        #expect(heeds.ending == .signalled(SIGTERM))
        let deaf = try await execute(
            "trap '' TERM; while :; do sleep 0.01; done", timeout: .milliseconds(50))
        #expect(deaf.isTimedOut)
        #expect(deaf.ending == .signalled(SIGKILL))
    }

    @Test func `one that prints too much is killed if that is asked for`() async throws {
        let execution = try await execute(
            "yes", timeout: .seconds(1000), endsAtMostOutput: true)
        #expect(execution.ending == .signalled(SIGKILL))
        #expect(execution.output.omitted > 0 && !execution.isTimedOut)
    }

    @Test func `memory is limited for it and what it starts`() async throws {
        let script = "head -c 200000000 /dev/zero | tail -n 1 | wc -c"
        let all = try await execute(script, timeout: .seconds(1000))
        #expect(all.output.beginning == Array("200000000\n".utf8))
        let limited = try await execute(script, timeout: .seconds(1000), mostMemory: 64 << 20)
        #expect(limited.output.beginning == Array("0\n".utf8))
        #expect(String(decoding: limited.errors.beginning, as: UTF8.self).contains("memory"))
    }

    @Test func `an interruption kills it, and is not its time limit`() async throws {
        let interruption = Interruption()
        interruption.come()
        let execution = try await execute(
            "exec sleep 1000", timeout: .seconds(1000), until: interruption)
        #expect(execution.ending == .signalled(SIGKILL))
        #expect(!execution.isTimedOut)
    }
}
