import Synchronization
internal import Unix

/// What a plugin said: shown to whoever listens, and its end remembered for errors.
final class PluginLog: Sendable {
    private let state = Mutex(State())
    private let show: @Sendable (LogLine) -> Void

    private struct State {
        var parser = LogParser()
        var last = LastLines()
        /// Why a Go program ends, which the stacks of its goroutines would push out.
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

    /// Takes what the plugin printed to standard output after its handshake.
    func add(output bytes: some Sequence<UInt8>) {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            show(LogLine(level: .debug, message: printable(line)))
        }
    }

    func note(_ level: LogLine.Level, _ message: String) {
        show(LogLine(level: level, message: message))
    }

    /// The last lines of standard error, and before them why a program has said that it ends.
    var lastLines: LastLines {
        state.withLock { state in
            state.reason.map { state.last.following($0) } ?? state.last
        }
    }

    /// The same, to stand under an error message; or nothing.
    var tail: String { lastLines.quoted }
}
