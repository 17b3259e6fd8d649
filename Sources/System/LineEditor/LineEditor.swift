import CReadline
import Glibc

/// An editor that reads lines from the user at a terminal, with history and completion.
///
/// Readline keeps its state in C globals, so this module runs on the main actor and there is only
/// ever one editor. It blocks the main thread while it waits, as readline itself does; output from
/// other tasks wakes it up.
package enum LineEditor {
    /// The outcome of a prompt.
    package enum Input: Equatable {
        case line(String)
        /// The user typed ^C. The value is true if the line was empty.
        case interrupted(wasEmpty: Bool)
        /// The user typed ^D on an empty line, or the terminal is gone.
        case end
        /// The code that woke the editor up asked it to stop.
        case stopped
    }

    /// The possible completions at the cursor.
    package enum Candidates {
        case words([String])
        case files
    }

    /// Suggests completions for the word that starts at byte `start` of `line` and ends at the
    /// cursor.
    package static var complete: (_ line: String, _ start: Int) -> Candidates = { _, _ in .files }

    /// The outcome of the current line, if it has ended.
    static var input: Input?

    private static let controlC: Int32 = 0x03
    private static let controlZ: Int32 = 0x1a

    /// Sets readline up and reads ~/.inputrc. Has to be called once.
    ///
    /// - Parameter name: The name for `$if` in ~/.inputrc.
    package static func begin(name: StaticString, onStandardError: Bool) {
        name.withUTF8Buffer { bytes in
            // A static string lasts as long as the process.
            bytes.withMemoryRebound(to: CChar.self) {
                hector_readline_set_name($0.baseAddress)
            }
        }
        hector_readline_leave_signals()
        hector_readline_set_terminal_functions(
            { meta in
                rl_prep_terminal(meta)
                MainActor.assumeIsolated { TerminalKeys.takeOver() }
            },
            { rl_deprep_terminal() })
        if onStandardError { hector_readline_show_on_standard_error() }
        rl_initialize()
        for map in ["emacs", "vi-insert", "vi-command"] {
            rl_bind_key_in_map(
                controlC,
                { _, _ in
                    MainActor.assumeIsolated { LineEditor.interrupt() }
                    return 0
                }, rl_get_keymap_by_name(map))
            rl_bind_key_in_map(
                controlZ,
                { _, _ in
                    // Sent to the whole group, as the terminal would have done.
                    kill(0, SIGTSTP)
                }, rl_get_keymap_by_name(map))
        }
        installCompleter()
        using_history()
    }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - prompt: The text before the line.
    ///   - waking: A descriptor that becomes readable when there is something else to do.
    ///   - onWake: Does that, and returns true to go on reading.
    package static func read(
        prompt: String, waking: Int32, onWake: () -> Bool
    ) -> Input {
        input = nil
        rl_reset_screen_size()
        rl_callback_handler_install(prompt) { line in
            // Only a value crosses into Swift; the line was made by malloc.
            let text = line.map { String(cString: $0) }
            free(line)
            MainActor.assumeIsolated { LineEditor.finish(text) }
        }
        while true {
            if let input { return input }
            var polled = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: waking, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&polled, 2, -1) < 0 { continue }
            if polled[1].revents != 0, !onWake() {
                leave()
                return .stopped
            }
            if polled[0].revents != 0, input == nil { rl_callback_read_char() }
        }
    }

    /// Leaves the line as it is on the screen, and restores the terminal.
    private static func leave() {
        rl_callback_handler_remove()
        fputs("\n", hector_readline_output())
        fflush(hector_readline_output())
    }

    /// Shows lines above the one that is edited, which stays as it is.
    package static func showAbove(_ text: String) {
        rl_clear_visible_line()
        fputs(text, hector_readline_output())
        fflush(hector_readline_output())
        rl_on_new_line()
        rl_forced_update_display()
    }

    /// Fits the line to a terminal whose size has changed.
    package static func resize() { rl_resize_terminal() }

    /// Restores the terminal, runs `body`, which stops this process, and goes on with the line
    /// afterwards.
    package static func suspend(_ body: () -> Void) {
        rl_deprep_terminal()
        body()
        rl_prep_terminal(1)
        TerminalKeys.takeOver()
        rl_reset_screen_size()
        rl_on_new_line()
        rl_forced_update_display()
    }

    /// Ends the current line as ^C does.
    package static func interrupt() {
        input = .interrupted(wasEmpty: hector_readline_length() == 0)
        rl_end_of_line(1, 0)
        rl_insert_text("^C")
        hector_readline_redisplay()
        rl_newline(1, 0)
    }

    /// Adds an entry that the arrow keys and ^R find.
    package static func remember(_ line: String) { add_history(line) }

    private static func finish(_ line: String?) {
        rl_callback_handler_remove()
        if input == nil { input = line.map { .line($0) } ?? .end }
    }
}
