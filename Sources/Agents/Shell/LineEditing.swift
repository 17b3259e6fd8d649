/// The features of a terminal's line editor that the shell needs.
@MainActor package protocol LineEditing {
    /// Prepares the editor. Called once, before all other functions.
    ///
    /// - Parameters:
    ///   - isOnStandardError: True to show the line on standard error, because standard output is
    ///     redirected.
    ///   - complete: Returns the candidates for the word from byte `start` of `line`, which ends at
    ///     the cursor.
    func begin(
        isOnStandardError: Bool,
        complete: @escaping @MainActor (_ line: String, _ start: Int) -> CompletionCandidates)

    /// Adds an entry to the history.
    func remember(_ line: String)

    /// Reads a line. Blocks until it is complete.
    ///
    /// - Parameters:
    ///   - waking: A descriptor that is readable when there is other work.
    ///   - onWake: Does the other work, and returns true to continue editing.
    func read(prompt: String, waking: Int32, onWake: @MainActor () -> Bool) -> EditedLine

    /// Shows lines above the line that is being edited.
    func showAbove(_ text: String)

    /// Adapts the line to the new size of the terminal.
    func resize()

    /// Restores the modes of the terminal while `body` stops this process.
    func suspend(_ body: @MainActor () -> Void)

    /// Ends the current line as ^C does.
    func interrupt()
}

/// The result of editing a line.
package enum EditedLine: Equatable, Sendable {
    case line(String)
    /// ^C.
    case interrupted(wasEmpty: Bool)
    /// ^D on an empty line, or the loss of the terminal.
    case end
    /// The end of editing because `onWake` has returned false.
    case stopped
}

/// The candidates for the word at the cursor.
package enum CompletionCandidates: Equatable, Sendable {
    case words([String])
    case files
}
