internal import FilterKit
internal import Unix

/// The standard streams of a screen.
@MainActor struct ScreenStreams {
    var isOutputTerminal: Bool
    var isErrorTerminal: Bool

    /// True if text on standard error can be overwritten.
    var hasCursor: Bool

    /// Writes visible text, with control sequences in it, to standard output.
    var writeOutput: (String) throws(OutputError) -> Void

    /// Writes such text to standard error, and ignores failures.
    var writeError: (String) -> Void

    static var standard: ScreenStreams {
        ScreenStreams(
            isOutputTerminal: isStandardOutputTerminal, isErrorTerminal: isStandardErrorTerminal,
            hasCursor: isStandardErrorTerminal && !isTerminalDumb,
            writeOutput: writeControls, writeError: writeControlsToStandardError)
    }
}
