internal import FilterKit
internal import Unix

/// Runs the user's programs, which have the terminal to themselves.
@MainActor struct ForegroundPrograms {
    let loop: EventLoop
    let screen: Screen

    /// Runs a command line of the user.
    ///
    /// - Parameter input: The input of the command; nil for the terminal, or for empty input in a
    ///   script.
    /// - Returns: The exit status of the command.
    /// - Throws: `Failure`, or `CancellationError` if this process is to end.
    func shell(_ commandLine: String, input: [UInt8]? = nil) throws -> Int32 {
        if commandLine.utf8.contains(0) {
            throw Failure(.usage, "a command cannot have NUL characters")
        }
        let ending = try ForegroundJob.run(
            "/bin/sh", arguments: ["sh", "-c", commandLine], takesTerminal: loop.isInteractive,
            input: input ?? (loop.isInteractive ? nil : []))
        // A signal that asks this process to end may have come in the meantime.
        loop.settle()
        if loop.ending != 0 { throw CancellationError() }
        switch ending {
        case .exited(let status): return status
        case .signalled(let signal):
            if loop.isInteractive { screen.write("\n") }
            return 128 + signal
        }
    }
}
