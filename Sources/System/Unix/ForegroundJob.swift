import CUnix
import Glibc
import Synchronization

/// A program that has the terminal to itself for as long as it runs, as a shell starts one.
package enum ForegroundJob {
    /// Runs a program on this thread to its end, with our streams and environment.
    ///
    /// It gets its own process group, so that ^C and ^Z affect only the program. When it is
    /// stopped, so is this process, and both go on together.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, beginning with the program's name.
    ///   - takesTerminal: True to give it the terminal. If false, it stays in our process group,
    ///     and ``end(by:)`` signals only the program itself.
    ///   - input: The bytes that it reads in place of our standard input.
    package static func run(
        _ path: String, arguments: [String], takesTerminal: Bool, input: [UInt8]? = nil
    ) throws(SystemError) -> Ending {
        var descriptor = STDIN_FILENO
        if let input {
            // A file, so that this process does not wait for a program that does not read.
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

    /// The argument of kill(2) for the current job, or 0, and the signal that ends all jobs, or 0.
    private static let state = Mutex((target: Int32(0), signal: Int32(0)))

    /// The time that a job has to end before it is killed.
    private static let grace = Duration.seconds(3)

    /// Sends a signal to the current job and to all later ones, because this process is to end by
    /// it. A job that has not ended after a few seconds is killed.
    package static func end(by signal: Int32) {
        state.withLock { state in
            state.signal = signal
            send(signal, to: state.target)
        }
    }

    private static func send(_ signal: Int32, to target: Int32) {
        if target == 0 { return }
        kill(target, signal)
        // The job may be stopped.
        kill(target, SIGCONT)
        detachThread {
            usleep(UInt32(grace / .microseconds(1)))
            state.withLock { state in
                // Once the job is reaped, another process may get its id.
                if state.target == target { _ = kill(target, SIGKILL) }
            }
        }
    }

    /// Waits for a process to end or stop and returns its status as waitpid(2) does.
    private static func status(of process: Int32, _ takesTerminal: Bool) -> Int32 {
        while true {
            // It is reaped under the lock, so that no signal is sent to its id afterwards.
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

    /// - Parameter status: A status of waitpid(2). Its low byte shows that the process has stopped.
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
