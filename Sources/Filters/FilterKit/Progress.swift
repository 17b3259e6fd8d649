internal import Synchronization
internal import Unix

/// A line about the progress of a run, kept up to date on standard error.
package final class Progress: Sendable {
    private let start = ContinuousClock.now
    private let last: Mutex<ContinuousClock.Instant>
    private let noun: String

    /// True if a line can be written over.
    private let hasCursor = isStandardErrorTerminal && !isTerminalDumb

    /// - Parameter noun: What is counted, in the plural.
    package init(of noun: String = "records") {
        last = Mutex(start)
        self.noun = noun
    }

    /// Shows it, but not more often than can be read.
    package func show(_ report: Report) {
        let now = ContinuousClock.now
        let isDue = last.withLock { last in
            if now - last < .milliseconds(hasCursor ? 200 : 10_000) { return false }
            last = now
            return true
        }
        if isDue { write(report, now - start, end: hasCursor ? "" : "\n") }
    }

    package func finish(_ report: Report) { write(report, ContinuousClock.now - start, end: "\n") }

    private func write(_ report: Report, _ duration: Duration, end: String) {
        let seconds =
            Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let rate = Int(Double(report.records) / max(seconds, 0.001))
        let failed = report.failed > 0 ? ", \(report.failed) failed" : ""
        // Carriage return and erase-to-end-of-line.
        let beginning = hasCursor ? "\r\u{1b}[K" : ""
        writeControlsToStandardError(
            "\(beginning)\(Diagnostics.programName): \(report.records) \(noun)\(failed), \(rate)/s\(end)"
        )
    }
}
