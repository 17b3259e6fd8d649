import Foundation
import Synchronization
import TestSupport
import Testing
import Waiting

@testable import Unix

@Suite struct ChildTests {
    private func child(_ script: String, in place: Child.Place = .ownGroup) throws -> Child {
        try Child(
            Child.Program(path: "/bin/sh", arguments: ["sh", "-c", script], place: place),
            input: STDIN_FILENO, output: STDERR_FILENO, errors: STDERR_FILENO)
    }

    /// Runs what has to be on the thread that has started a child.
    private func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await Latch.onThread { Result { try body() } }.waitRegardless().get()
    }

    @Test func `no signal is sent once the process is reaped`() async throws {
        try await onThread {
            let child = try self.child("exit 3")
            #expect(child.wait() == .exited(3))
            child.signal(SIGKILL)
            child.end(grace: .zero)
            // Another process may have the id by now; that one was not asked for anything.
            #expect(!child.wasAskedToEnd)
        }
    }

    @Test func `a signal that comes before the process is reaped does no harm`() async throws {
        try await onThread {
            let child = try self.child("exit 3")
            // A zombie, whose id is still its own.
            var ended = siginfo_t()
            while waitid(P_PID, id_t(child.processID), &ended, WEXITED | WNOWAIT) == -1,
                errno == EINTR
            {}
            child.signal(SIGKILL)
            #expect(child.wait() == .exited(3))
        }
    }

    @Test func `no signal is sent to the group of a process that the kernel has reaped`()
        async throws
    {
        try await onThread {
            // It ends at once, and what it has started stands for a process that got its id later.
            let script = """
                sh -c 'trap "echo asked; kill \\$!; exit" TERM; sleep 1000 >&- & echo $$; wait' &
                """
            let pipe = Pipe()
            let child = try Child(
                Child.Program(path: "/bin/sh", arguments: ["sh", "-c", script], place: .ownGroup),
                input: STDIN_FILENO, output: pipe.fileHandleForWriting.fileDescriptor,
                errors: STDERR_FILENO)
            try pipe.fileHandleForWriting.close()
            let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
            let other = try #require(Int32(line.dropLast()))
            // The kernel does it if SIGCHLD is ignored, which only a whole process can do.
            while waitpid(child.processID, nil, 0) == -1, errno == EINTR {}
            child.signal(SIGKILL)
            child.end(grace: .zero)
            #expect(child.wait() == .signalled(SIGKILL))
            #expect(!child.wasAskedToEnd)
            kill(other, SIGTERM)
            let rest = try pipe.fileHandleForReading.readToEnd() ?? Data()
            #expect(String(decoding: rest, as: UTF8.self) == "asked\n")
        }
    }

    @Test func `a stop is told, and the end after it`() async throws {
        try await onThread {
            let child = try self.child("kill -STOP $$; exit 4", in: .foreground)
            #expect(child.waitUnlessStopped() == nil)
            child.signal(SIGCONT)
            #expect(child.waitUnlessStopped() == .exited(4))
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a process that has left its group is ended`() async throws
    {
        let script = """
            import os, signal, time
            os.setpgid(0, os.getpgid(os.getppid()))
            signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"asked\\n"))
            os.write(1, b"ready\\n")
            while True: time.sleep(1000)
            """
        try await onThread {
            let pipe = Pipe()
            let child = try Child(
                Child.Program(
                    path: "/usr/bin/python3", arguments: ["python3", "-c", script],
                    place: .ownGroup),
                input: STDIN_FILENO, output: pipe.fileHandleForWriting.fileDescriptor,
                errors: STDERR_FILENO)
            try pipe.fileHandleForWriting.close()
            func next() -> String {
                String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
            }
            #expect(next() == "ready\n")
            child.signal(SIGTERM)
            #expect(next() == "asked\n")
            child.end(grace: .zero)
            #expect(child.wait() == .signalled(SIGKILL))
        }
    }

    @Test func `a process in our group is signalled alone`() async throws {
        try await onThread {
            let child = try self.child("exec sleep 1000", in: .ourGroup)
            child.end(grace: .seconds(1000))
            #expect(child.wait() == .signalled(SIGTERM))
        }
    }
}
