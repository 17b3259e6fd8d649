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
        _ script: String, timeout: Duration, until interruption: Interruption = Interruption()
    ) async throws -> Execution {
        try await Latch.onThread {
            Result {
                try Execution.run(
                    "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"],
                    in: ConfinedDirectory("/"), timeout: timeout, mostOutput: 100,
                    until: interruption)
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

    @Test func `an interruption kills it, and is not its time limit`() async throws {
        let interruption = Interruption()
        interruption.come()
        let execution = try await execute(
            "exec sleep 1000", timeout: .seconds(1000), until: interruption)
        #expect(execution.ending == .signalled(SIGKILL))
        #expect(!execution.isTimedOut)
    }
}
