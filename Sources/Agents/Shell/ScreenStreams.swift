internal import FilterKit
internal import Unix

/// The standard streams as a screen uses them.
@MainActor struct ScreenStreams {
    var isOutputTerminal: Bool
    var isErrorTerminal: Bool

    /// True if text on standard error can be written over.
    var hasCursor: Bool

    /// Writes visible text, with control sequences in it, to standard output.
    var writeOutput: (String) throws(OutputError) -> Void

    /// Writes the same to standard error, where a failure is passed over.
    var writeError: (String) -> Void

    static var standard: ScreenStreams {
        ScreenStreams(
            isOutputTerminal: isStandardOutputTerminal, isErrorTerminal: isStandardErrorTerminal,
            hasCursor: isStandardErrorTerminal && !isTerminalDumb,
            writeOutput: writeControls, writeError: writeControlsToStandardError)
    }
}
