import Glibc

/// The keys that the terminal would turn into signals while a line is edited.
///
/// ^C would reach all processes of the group, including filters that ask on this terminal, and end
/// them; ^Z in a pasted text would make another shell run the rest of it. The editor handles these
/// keys instead.
enum TerminalKeys {
    static func takeOver() {
        var modes = termios()
        guard tcgetattr(STDIN_FILENO, &modes) == 0 else { return }
        withUnsafeMutableBytes(of: &modes.c_cc) { keys in
            // Linux's _POSIX_VDISABLE is 0.
            for key in [VINTR, VQUIT, VSUSP] { keys[Int(key)] = 0 }
        }
        _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    }
}
