import CUnix
import Glibc

/// The saved settings of a terminal, to be restored later.
package struct TerminalModes: Sendable {
    private let modes: termios

    /// - Returns: Nil if standard input is not a terminal.
    package static var ofStandardInput: TerminalModes? {
        var modes = termios()
        return tcgetattr(STDIN_FILENO, &modes) == 0 ? TerminalModes(modes: modes) : nil
    }

    /// Makes sure that these settings are restored for standard input if this process crashes.
    package func restoreOnCrash() {
        modesAfterCrash.initialize(to: modes)
        for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
            var action = sigaction()
            // The handler is reset before it raises the signal again.
            action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
            action.__sigaction_handler.sa_handler = { number in
                // Only functions that signal-safety(7) allows.
                tcsetattr(STDIN_FILENO, TCSANOW, modesAfterCrash)
                raise(number)
            }
            sigaction(number, &action, nil)
        }
    }

    /// Restores these settings for standard input.
    package func restore() {
        var modes = modes
        while tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) != 0, errno == EINTR {}
    }
}

/// The settings for the handler. Never freed, as the process may crash at any time.
nonisolated(unsafe) private let modesAfterCrash = UnsafeMutablePointer<termios>.allocate(
    capacity: 1)
