internal import Synchronization
import Waiting

/// A thread that checks the checksums of codes from the last ones on, while a search that is the
/// first of its process begins with the first ones.
final class CodeChecker: Sendable {
    private let isStopped: StopFlag
    private let thread: JoinableThread

    private final class StopFlag: Sendable {
        let isSet = Atomic(false)
    }

    /// The bytes that are checked from their beginning to their end.
    private static let rangeSize = 8 << 20
    /// With fewer bytes, a thread does not pay.
    private static let least = 32 << 20

    /// Nil if there is little to check.
    init?(_ segments: [LiveSegment]) {
        var ranges: [(section: Section, range: Range<Int>)] = []
        for part in segments where part.segment.file != nil {
            let codes = part.segment.codes
            for start in stride(from: 0, to: codes.count, by: Self.rangeSize) {
                let range = start..<min(start + Self.rangeSize, codes.count)
                if !codes.isChecked(range.upperBound - 1) { ranges.append((codes, range)) }
            }
        }
        guard ranges.count * Self.rangeSize > Self.least else { return nil }
        let flag = StopFlag()
        isStopped = flag
        thread = JoinableThread { [ranges] in
            for (section, range) in ranges.reversed() {
                // The search has come here.
                if section.isChecked(range.lowerBound) { return }
                section.expect(range)
                for page in stride(from: range.lowerBound, to: range.upperBound, by: 32_768) {
                    if flag.isSet.load(ordering: .relaxed) { return }
                    // The search finds what is damaged.
                    _ = try? section.bytes(page..<min(page + 32_768, range.upperBound))
                }
            }
        }
    }

    /// Returns once the thread has ended.
    func stop() {
        isStopped.isSet.store(true, ordering: .relaxed)
        thread.join()
    }
}
