internal import FilterKit
package import PluginHost
internal import Synchronization

/// A line on standard error with the progress of tool calls.
package final class CallProgressLine: Sendable {
    private let line = ProgressLine()

    /// The time at which the line was last written, by the tool's name.
    private let last = Mutex<[String: ContinuousClock.Instant]>([:])

    package init() {}

    /// Shows the first report of a tool, and later ones at most as often as a person can read them.
    package func show(_ report: Tools.Report, of tool: String) {
        let now = ContinuousClock.now
        let isDue = last.withLock { last in
            if let before = last[tool], !line.isDue(now, after: before) { return false }
            last[tool] = now
            return true
        }
        if isDue { line.show("\(tool): \(report)") }
    }

    /// Clears the line for the message that comes next.
    package func clear() {
        last.withLock { $0 = [:] }
        line.erase()
    }
}
