import CUnix
import Glibc
import Synchronization
import Waiting

/// A program that has the terminal to itself for as long as it runs, as a shell starts one.
package enum ForegroundJob {
    /// Runs it on this thread to its end, with our streams and environment.
    ///
    /// It has a process group of its own, so that ^C and ^Z are for it alone. When it is stopped,
    /// so is this process, and both go on together.
    ///
    /// - Parameters:
    ///   - arguments: Begin with the program's name.
    ///   - takesTerminal: Whether it is that; otherwise it stays in our process group, and only
    ///     the program itself hears of ``end(by:)``.
    ///   - input: What it reads in place of our standard input.
    package static func run(
        _ path: String, arguments: [String], takesTerminal: Bool, input: [UInt8]? = nil
    ) throws(SystemError) -> Ending {
        var descriptor = STDIN_FILENO
        if let input {
            // A file, so that nobody waits for a program that does not read.
            descriptor = hector_memory_file()
            guard descriptor >= 0 else { throw SystemError(errno, "run '\(path)'") }
            if writeAll(input, to: descriptor) != nil || lseek(descriptor, 0, SEEK_SET) != 0 {
                let code = errno
                close(descriptor)
                throw SystemError(code, "run '\(path)'")
            }
        }
        defer { if input != nil { close(descriptor) } }
        let modes = TerminalModes.ofStandardInput
        let process = withCStrings(arguments) { arguments in
            (takesTerminal ? hector_spawn_foreground : hector_spawn_here)(
                path, arguments, environ, descriptor, STDOUT_FILENO, STDERR_FILENO)
        }
        guard process >= 0 else { throw SystemError(errno, "run '\(path)'") }
        defer { modes?.restore() }
        state.withLock { state in
            state.target = takesTerminal ? -process : process
            if state.signal != 0 { send(state.signal, to: state.target) }
        }
        return wait(for: process, takesTerminal ? modes : nil, takesTerminal)
    }

    // MARK: Its end

    /// What kill(2) is to be told of the job under way, or 0, and the signal that ends all of
    /// them, or 0.
    private static let state = Mutex((target: Int32(0), signal: Int32(0)))

    /// How long a job has that is told to end.
    private static let grace = Duration.seconds(3)

    /// Sends a signal to the job under way and to all that are still to come, as this process is
    /// to end by it. What has not ended after a few seconds is killed.
    package static func end(by signal: Int32) {
        state.withLock { state in
            state.signal = signal
            send(signal, to: state.target)
        }
    }

    private static func send(_ signal: Int32, to target: Int32) {
        if target == 0 { return }
        kill(target, signal)
        // It may be stopped.
        kill(target, SIGCONT)
        detachThread {
            usleep(UInt32(grace / .microseconds(1)))
            state.withLock { state in
                // Once it is reaped, its id may be somebody else's.
                if state.target == target { _ = kill(target, SIGKILL) }
            }
        }
    }

    /// What waitpid(2) says of a process that has ended or stopped.
    private static func status(of process: Int32, _ takesTerminal: Bool) -> Int32 {
        while true {
            // It is reaped only where nobody is about to send a signal to its id.
            var found = siginfo_t()
            let flags = WEXITED | WNOWAIT | (takesTerminal ? WSTOPPED : 0)
            if waitid(P_PID, id_t(process), &found, flags) == -1, errno == EINTR { continue }
            var status: Int32 = 0
            let isKnown = state.withLock { state in
                let flags = WNOHANG | (takesTerminal ? WUNTRACED : 0)
                if waitpid(process, &status, flags) == 0 { return false }
                if !hasStopped(status) { state.target = 0 }
                return true
            }
            if isKnown { return status }
        }
    }

    /// - Parameter status: Its low byte is that of a process that has stopped.
    private static func hasStopped(_ status: Int32) -> Bool { status & 0xff == 0x7f }

    private static func wait(
        for process: Int32, _ modes: TerminalModes?, _ takesTerminal: Bool
    ) -> Ending {
        while true {
            let status = status(of: process, takesTerminal)
            guard takesTerminal else { return Ending(waitStatus: status) }
            let job = TerminalModes.ofStandardInput
            giveTerminal(to: getpgrp())
            guard hasStopped(status) else { return Ending(waitStatus: status) }
            modes?.restore()
            stop(by: SIGTSTP)
            job?.restore()
            giveTerminal(to: process)
            kill(-process, SIGCONT)
        }
    }

    /// From the background, where setting it would stop this process.
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
