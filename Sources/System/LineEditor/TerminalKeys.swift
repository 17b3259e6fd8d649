import Glibc

/// The keys that the terminal would turn into signals while a line is edited.
///
/// ^C would reach all processes of the group, filters that ask on this
/// terminal too, and end them; ^Z in a text that is pasted would have another
/// shell run the rest of it. They are keys of the editor's instead.
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
