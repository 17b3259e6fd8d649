internal import FilterKit

/// A line on standard error that shows the progress of a run.
struct Progress {
    private let store: String
    private let total: Int
    private let isShown: Bool
    private let line = ProgressLine()
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
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
        guard isShown, line.isDue(now, after: last) else { return }
        last = now
        line.show(text(after: now - start))
    }

    /// Removes the line from the terminal.
    func finish() { line.erase() }

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
        return "\(store) [\(bar)] \(done)/\(total), \(Int(rate))/s, "
            + "\(minutes):\(rest < 10 ? "0" : "")\(rest) left"
    }
}
