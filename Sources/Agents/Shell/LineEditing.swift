/// An editor of lines at a terminal, as far as the shell needs one.
@MainActor package protocol LineEditing {
    /// Prepares the editor. Called once, before everything else.
    ///
    /// - Parameters:
    ///   - isOnStandardError: True if the line is shown there, as standard output is elsewhere.
    ///   - complete: Suggests what the word from byte `start` of `line`, which ends at the cursor,
    ///     could become.
    func begin(
        isOnStandardError: Bool,
        complete: @escaping @MainActor (_ line: String, _ start: Int) -> CompletionCandidates)

    /// Adds an entry to the history that the user can go back in.
    func remember(_ line: String)

    /// Reads a line; blocks until there is one.
    ///
    /// - Parameters:
    ///   - waking: A descriptor that is readable when there is something else to do.
    ///   - onWake: Does that, and returns true to go on editing.
    func read(prompt: String, waking: Int32, onWake: @MainActor () -> Bool) -> EditedLine

    /// Shows lines above the one that is edited, which stays as it is.
    func showAbove(_ text: String)

    /// Fits the line to a terminal whose size has changed.
    func resize()

    /// Gives the terminal back as it was while `body` stops this process.
    func suspend(_ body: @MainActor () -> Void)

    /// Ends the line under way as ^C does.
    func interrupt()
}

/// The way in which editing a line has ended.
package enum EditedLine: Equatable, Sendable {
    case line(String)
    /// ^C.
    case interrupted(wasEmpty: Bool)
    /// ^D on an empty line, or the terminal is gone.
    case end
    /// `onWake` has returned false.
    case stopped
}

/// The words that one at the cursor can become.
package enum CompletionCandidates: Equatable, Sendable {
    case words([String])
    case files
}
