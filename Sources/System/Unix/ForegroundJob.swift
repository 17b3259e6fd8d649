import CUnix
import Glibc
import Synchronization

/// A program in the foreground of the terminal, as a shell runs one.
package enum ForegroundJob {
    /// Runs a program to its end on this thread, with the streams and the environment of this
    /// process.
    ///
    /// The program gets its own process group, so that ^C and ^Z affect only the program. When it
    /// is stopped, this process stops as well, and both continue together.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, beginning with the program's name.
    ///   - takesTerminal: True to run it in the foreground. If false, it stays in the process group
    ///     of this process, and ``end(by:)`` reaches only the program itself.
    ///   - input: The bytes for its standard input; nil for the standard input of this process.
    package static func run(
        _ path: String, arguments: [String], takesTerminal: Bool, input: [UInt8]? = nil
    ) throws(SystemError) -> Ending {
        // With a file, this process does not wait for a program that does not read.
        let file: MemoryFile? = if let input { try MemoryFile(containing: input) } else { nil }
        let modes = TerminalModes.ofStandardInput
        let job = try withExtendedLifetime(file) { () throws(SystemError) in
            try Child(
                Child.Program(
                    path: path, arguments: arguments,
                    place: takesTerminal ? .foreground : .ourGroup),
                input: file?.descriptor ?? STDIN_FILENO, output: STDOUT_FILENO,
                errors: STDERR_FILENO)
        }
        defer { modes?.restore() }
        let signal = state.withLock { state in
            state.job = job
            return state.signal
        }
        defer { state.withLock { $0.job = nil } }
        if signal != 0 { job.end(by: signal, grace: grace) }
        return takesTerminal ? attend(job, modes) : job.wait()
    }

    /// The current job, and the signal that ends it and all later ones, or 0.
    private static let state = Mutex((job: Child?.none, signal: Int32(0)))

    /// The time that a job has to end before it is killed.
    private static let grace = Duration.seconds(3)

    /// Sends a signal to the current job and to all later ones, because this process has to end by
    /// that signal. A job that has not ended after a few seconds is killed.
    package static func end(by signal: Int32) {
        let job = state.withLock { state in
            state.signal = signal
            return state.job
        }
        job?.end(by: signal, grace: grace)
    }

    /// Waits for a job that has the terminal, which it gives back when it ends or stops.
    private static func attend(_ job: Child, _ modes: TerminalModes?) -> Ending {
        while true {
            let ending = job.waitUnlessStopped()
            let own = TerminalModes.ofStandardInput
            giveTerminal(to: getpgrp())
            if let ending { return ending }
            modes?.restore()
            stop(by: SIGTSTP)
            own?.restore()
            giveTerminal(to: job.processID)
            job.signal(SIGCONT)
        }
    }

    /// Gives the terminal to a group, even from the background, where that would stop this process.
    private static func giveTerminal(to group: Int32) {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return }
        var only = sigset_t()
        var before = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &only, &before)
        _ = tcsetpgrp(terminal, group)
        pthread_sigmask(SIG_SETMASK, &before, nil)
        close(terminal)
    }
}
