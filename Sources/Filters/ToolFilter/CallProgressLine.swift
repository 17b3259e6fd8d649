internal import FilterKit
package import PluginHost
internal import Synchronization
internal import Unix

/// A line about how far a tool's call has come, kept up to date on standard error.
package final class CallProgressLine: Sendable {
    /// When the line was last written, by the tool's name.
    private let last = Mutex<[String: ContinuousClock.Instant]>([:])

    /// True if a line can be written over.
    private let hasCursor = isStandardErrorTerminal && !isTerminalDumb

    package init() {}

    /// Shows the first report of a tool, and later ones not more often than can be read.
    package func show(_ report: Tools.Report, of tool: String) {
        let now = ContinuousClock.now
        let pause = Duration.milliseconds(hasCursor ? 200 : 10_000)
        let isDue = last.withLock { last in
            if let before = last[tool], now - before < pause { return false }
            last[tool] = now
            return true
        }
        guard isDue else { return }
        let text = VisibleText("\(Diagnostics.programName): \(tool): \(report)")
        // Carriage return and erase-to-end-of-line.
        writeControlsToStandardError(hasCursor ? "\r\u{1b}[K\(text)" : "\(text)\n")
    }

    /// Makes room for what is said next.
    package func clear() {
        let hasShown = last.withLock { last in
            defer { last = [:] }
            return !last.isEmpty
        }
        if hasShown, hasCursor { writeControlsToStandardError("\r\u{1b}[K") }
    }
}
