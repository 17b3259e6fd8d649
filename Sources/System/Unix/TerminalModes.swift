import CUnix
import Glibc

/// How a terminal was set when somebody looked, to set it so again.
package struct TerminalModes: Sendable {
    private let modes: termios

    /// - Returns: Nil if standard input is no terminal.
    package static var ofStandardInput: TerminalModes? {
        var modes = termios()
        return tcgetattr(STDIN_FILENO, &modes) == 0 ? TerminalModes(modes: modes) : nil
    }

    /// Has standard input set so again should this process crash.
    package func restoreOnCrash() {
        modesAfterCrash.initialize(to: modes)
        for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
            var action = sigaction()
            // The handler is gone by the time it raises the signal again.
            action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
            action.__sigaction_handler.sa_handler = { number in
                // Only what signal-safety(7) allows.
                tcsetattr(STDIN_FILENO, TCSANOW, modesAfterCrash)
                raise(number)
            }
            sigaction(number, &action, nil)
        }
    }

    /// Sets standard input so again.
    package func restore() {
        var modes = modes
        while tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) != 0, errno == EINTR {}
    }
}

/// Never freed: who knows when a process crashes.
nonisolated(unsafe) private let modesAfterCrash = UnsafeMutablePointer<termios>.allocate(
    capacity: 1)
