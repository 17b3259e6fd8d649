import Glibc

/// How a terminal was set when somebody looked, to set it so again.
package struct TerminalModes: Sendable {
    private let modes: termios

    /// - Returns: Nil if standard input is no terminal.
    package static var ofStandardInput: TerminalModes? {
        var modes = termios()
        return tcgetattr(STDIN_FILENO, &modes) == 0 ? TerminalModes(modes: modes) : nil
    }

    /// Sets standard input so again.
    package func restore() {
        var modes = modes
        while tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) != 0, errno == EINTR {}
    }
}
