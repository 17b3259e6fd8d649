import Synchronization
internal import Unix

/// The log of a plugin. Lines are handed to a listener, and the last ones are kept for errors.
final class PluginLog: Sendable {
    private let state = Mutex(State())
    private let show: @Sendable (LogLine) -> Void

    private struct State {
        var parser = LogParser()
        var last = LastLines()
        /// The reason why a Go program ends, kept because the stacks of its goroutines would
        /// displace it.
        var reason: String?
    }

    private static let reasons = ["panic: ", "fatal error: "]

    init(show: @escaping @Sendable (LogLine) -> Void) { self.show = show }

    /// Takes a line of standard error.
    func add(_ bytes: ArraySlice<UInt8>) {
        let line = state.withLock { state in
            let line = state.parser.parse(bytes)
            if !line.message.isEmpty, line.level != .trace {
                if let gone = state.last.add(line.message),
                    Self.reasons.contains(where: gone.hasPrefix)
                {
                    state.reason = gone
                }
            }
            return line
        }
        show(line)
    }

    /// Takes the text that the plugin printed to standard output after its handshake.
    func add(output bytes: some Sequence<UInt8>) {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            show(LogLine(level: .debug, message: printable(line)))
        }
    }

    func note(_ level: LogLine.Level, _ message: String) {
        show(LogLine(level: level, message: message))
    }

    /// The last lines of standard error, and before them the stated reason for the end of the
    /// program.
    var lastLines: LastLines {
        state.withLock { state in
            state.reason.map { state.last.following($0) } ?? state.last
        }
    }

    /// The last lines for use under an error message; empty if there are none.
    var tail: String { lastLines.quoted }
}
