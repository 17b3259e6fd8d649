import CUnix
import Glibc

/// A program that has the terminal to itself for as long as it runs, as a shell starts one.
package enum ForegroundJob {
    /// Runs it on this thread to its end, with our streams and environment.
    ///
    /// It has a process group of its own, so that ^C and ^Z are for it alone. When it is stopped,
    /// so is this process, and both go on together.
    ///
    /// - Parameters:
    ///   - arguments: Begin with the program's name.
    ///   - takesTerminal: Whether it is that; otherwise it stays in our process group.
    ///   - input: What it reads in place of our standard input.
    package static func run(
        _ path: String, arguments: [String], takesTerminal: Bool, input: [UInt8]? = nil
    ) throws(SystemError) -> Ending {
        var descriptor = STDIN_FILENO
        if let input {
            // A file, so that nobody waits for a program that does not read.
            descriptor = hector_memory_file("input")
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
        return wait(for: process, takesTerminal ? modes : nil, takesTerminal)
    }

    private static func wait(
        for process: Int32, _ modes: TerminalModes?, _ takesTerminal: Bool
    ) -> Ending {
        while true {
            var status: Int32 = 0
            if waitpid(process, &status, takesTerminal ? WUNTRACED : 0) == -1, errno == EINTR {
                continue
            }
            guard takesTerminal else { return Ending(waitStatus: status) }
            let job = TerminalModes.ofStandardInput
            giveTerminal(to: getpgrp())
            // The low byte is that of a process that has stopped.
            guard status & 0xff == 0x7f else { return Ending(waitStatus: status) }
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
