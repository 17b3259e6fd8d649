internal import Synchronization

/// A line on standard error with the number of records that a run has processed.
package final class Progress: Sendable {
    private let line = ProgressLine()
    private let start = ContinuousClock.now
    private let last: Mutex<ContinuousClock.Instant>
    private let noun: String

    /// - Parameter noun: The things counted, in the plural.
    package init(of noun: String = "records") {
        last = Mutex(start)
        self.noun = noun
    }

    /// Shows the report, at most as often as a person can read it.
    package func show(_ report: Report) {
        let now = ContinuousClock.now
        let isDue = last.withLock { last in
            guard line.isDue(now, after: last) else { return false }
            last = now
            return true
        }
        if isDue { line.show(text(report, after: now - start)) }
    }

    package func finish(_ report: Report) {
        line.finish(text(report, after: ContinuousClock.now - start))
    }

    private func text(_ report: Report, after duration: Duration) -> String {
        let rate = Int(Double(report.records) / max(duration / .seconds(1), 0.001))
        let failed = report.failed > 0 ? ", \(report.failed) failed" : ""
        return "\(report.records) \(noun)\(failed), \(rate)/s"
    }
}
