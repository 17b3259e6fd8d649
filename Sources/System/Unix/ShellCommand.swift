import Glibc

/// A command line written by the user, run by the shell as `system` would.
package enum ShellCommand {
    /// The time between SIGTERM and SIGKILL.
    private static let grace = Duration.seconds(5)

    /// Runs a command to its end, with its output on the standard error of this process.
    ///
    /// The command stays in the process group of this process, so that it may use the terminal. It
    /// is killed when this process ends, and terminated when the task is cancelled.
    ///
    /// - Parameters:
    ///   - input: The bytes for its standard input.
    ///   - timeout: The longest that it may take.
    /// - Returns: Nil if it took longer, and was ended for that.
    package static func run(
        _ command: String, input: [UInt8], timeout: Duration
    ) async throws(SystemError) -> Ending? {
        let work = Task { () -> Result<Ending, SystemError> in
            do throws(SystemError) { return .success(try await run(command, input: input)) } catch {
                return .failure(error)
            }
        }
        let timer = Task { () -> Bool in
            guard (try? await Task.sleep(for: timeout)) != nil else { return false }
            work.cancel()
            return true
        }
        let result = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        timer.cancel()
        return await timer.value ? nil : try result.get()
    }

    /// Runs a command to its end, however long that takes.
    package static func run(
        _ command: String, input: [UInt8]
    ) async throws(SystemError) -> Ending {
        try await Interruption.onThread { (interruption) throws(SystemError) in
            // With a file, this process does not wait for a command that does not read.
            let file = try MemoryFile(containing: input)
            let child = try withExtendedLifetime(file) { () throws(SystemError) in
                try Child(
                    Child.Program(
                        path: "/bin/sh", arguments: ["sh", "-c", command], place: .ourGroup),
                    input: file.descriptor, output: STDERR_FILENO, errors: STDERR_FILENO)
            }
            return interruption.during {
                child.wait()
            } onCome: {
                child.end(grace: grace)
            }
        }
    }
}
