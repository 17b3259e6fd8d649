internal import FilterKit
internal import Unix

/// A line about how far a run is, on standard error: kept up to date on a terminal, else one now
/// and then.
struct Progress {
    private let store: String
    private let total: Int
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isOnScreen = false

    /// True if a line can be written over.
    private let hasCursor = isStandardErrorTerminal && !isTerminalDumb
    private(set) var done = 0

    private static let width = 20

    init(_ store: String, total: Int, isShown: Bool) {
        self.store = store
        self.total = total
        self.isShown = isShown
    }

    mutating func add(_ count: Int) {
        done += count
        let now = ContinuousClock.now
        guard isShown, now - last > .milliseconds(hasCursor ? 200 : 10_000) else { return }
        last = now
        isOnScreen = hasCursor
        let line = text(after: now - start)
        writeControlsToStandardError(
            isOnScreen ? "\r\u{1b}[K\(line)" : "\(Diagnostics.programName): \(line)\n")
    }

    /// Takes the line off the terminal.
    func finish() {
        if isOnScreen { writeControlsToStandardError("\r\u{1b}[K") }
    }

    private func text(after duration: Duration) -> String {
        let seconds = max(duration / .seconds(1), 0.001)
        let rate = Double(done) / seconds
        let left = rate > 0 ? Int(Double(total - done) / rate) : 0
        let filled = total > 0 ? Self.width * done / total : Self.width
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: ".", count: Self.width - filled)
        let minutes = left / 60
        let rest = left % 60
        return "\(VisibleText(store)) [\(bar)] \(done)/\(total), \(Int(rate))/s, "
            + "\(minutes):\(rest < 10 ? "0" : "")\(rest) left"
    }
}
