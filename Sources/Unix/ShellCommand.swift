import CUnix
import Glibc
import Synchronization
import Waiting

/// A command line that a person wrote, run by the shell as `system` would.
package enum ShellCommand {
    /// Runs it to its end, with what it prints on our standard error.
    ///
    /// It stays in our process group, so it may use the terminal. It is killed
    /// with this process, and told to end when the task is cancelled.
    ///
    /// - Parameter input: What it reads from its standard input.
    package static func run(_ command: String, input: [UInt8]) async throws(SystemError) -> Ending {
        let life = Life()
        let result: Result<Ending, SystemError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The kernel ties the command's life to the thread that started it.
                detachThread {
                    do throws(SystemError) {
                        let process = try start(command, input: input)
                        continuation.resume(returning: .success(life.wait(for: process)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        } onCancel: {
            life.end()
        }
        return try result.get()
    }

    private static func start(
        _ command: String, input: [UInt8]
    ) throws(SystemError) -> Int32 {
        // A file, so that nobody waits for a command that does not read.
        let file = hector_memory_file()
        guard file >= 0 else { throw SystemError(errno, "run '\(command)'") }
        defer { close(file) }
        guard writeAll(input, to: file) == nil, lseek(file, 0, SEEK_SET) == 0 else {
            throw SystemError(errno, "run '\(command)'")
        }
        let process = withCStrings(["sh", "-c", command]) { arguments in
            hector_spawn_here("/bin/sh", arguments, environ, file, STDERR_FILENO, STDERR_FILENO)
        }
        guard process >= 0 else { throw SystemError(errno, "run '\(command)'") }
        return process
    }

    /// The process while it runs.
    private final class Life: Sendable {
        private let state = Mutex((process: Int32(0), isCancelled: false))

        func wait(for process: Int32) -> Ending {
            state.withLock { state in
                state.process = process
                if state.isCancelled { _ = kill(process, SIGTERM) }
            }
            // Wait without reaping, so that the id stays ours until the lock is.
            var ended = siginfo_t()
            while waitid(P_PID, id_t(process), &ended, WEXITED | WNOWAIT) == -1, errno == EINTR {}
            return state.withLock { state in
                state.process = 0
                var status: Int32 = 0
                while waitpid(process, &status, 0) == -1, errno == EINTR {}
                return Ending(waitStatus: status)
            }
        }

        func end() {
            state.withLock { state in
                state.isCancelled = true
                if state.process > 0 { _ = kill(state.process, SIGTERM) }
            }
        }
    }
}
