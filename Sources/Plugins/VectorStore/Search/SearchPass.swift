internal import Synchronization

/// A query as the pass over all records sees it. A record's score is
/// `alpha * cosine + textWeight * text`.
struct PassQuery {
    /// Nil if the words do not matter.
    let text: TextSearch?
    /// The codes of the vector, or nil if it does not matter.
    let codes: Codes?
    let alpha: Double
    let textWeight: Double
    /// The number of records that are wanted; at least 1.
    let limit: Int
    /// For each segment the slots that pass the filter, or nil without one.
    let passing: [PassingSlots?]
    /// For each segment a copy of the codes of these slots, if there is one.
    let gathered: [GatheredCodes?]
    /// False if no record can be found.
    let finds: Bool
    /// Looks at a record that may pass or not.
    let accepts: @Sendable (SlotReference) throws(StoreError) -> Bool
}

/// A pass over the records of segments for several queries at once, which finds those that may be
/// among the best.
///
/// The pass works on codes of one byte for each component, a quarter of the size of the vectors, and
/// on sums of single precision for the texts. These give each record bounds of its score. The error
/// of the codes only decides how many candidates there are.
///
/// Several threads take one window of slots after the other. Where a text matters, the windows in
/// which it can score highest come first.
final class SearchPass {
    let queries: [PassQuery]
    let segments: [LiveSegment]
    let layout: CodeLayout
    let bounds: [TextBounds?]
    let parts: PartTable?
    let thresholds: [SharedThreshold]
    let windows: [SlotWindow]
    private let next = Atomic(0)
    private let isStopped = Atomic(false)

    init(
        _ queries: [PassQuery], _ segments: [LiveSegment], _ layout: CodeLayout
    ) throws(StoreError) {
        self.queries = queries
        self.segments = segments
        self.layout = layout
        // The formula is that of the collection.
        let formula = queries.lazy.compactMap(\.text).first?.formula
        parts = formula.map { PartTable($0) }
        var bounds: [TextBounds?] = []
        for query in queries {
            if let text = query.text, let parts {
                bounds.append(try TextBounds(text, parts))
            } else {
                bounds.append(nil)
            }
        }
        self.bounds = bounds
        thresholds = queries.map { _ in SharedThreshold() }
        var windows: [SlotWindow] = []
        for (place, part) in segments.enumerated() where part.count > 0 {
            for number in 0..<SlotWindow.count(for: part.segment.count) {
                windows.append(
                    SlotWindow(number, ofSegment: place, slots: part.segment.count))
            }
        }
        self.windows = Self.order(windows, queries, bounds)
    }

    private static func order(
        _ windows: [SlotWindow], _ queries: [PassQuery], _ bounds: [TextBounds?]
    ) -> [SlotWindow] {
        if bounds.allSatisfy({ $0 == nil }) { return windows }
        let sums = windows.map { window in
            zip(queries, bounds).reduce(0.0) { sum, each in
                sum + each.0.textWeight * Double(each.1?.sum(in: window) ?? 0)
            }
        }
        let order = windows.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }
        return order.map { windows[$0] }
    }

    /// Returns for each query the candidates, the highest bounds first.
    ///
    /// - Parameter isCancelled: Asked about once per window.
    func run(isCancelled: () -> Bool) throws(StoreError) -> [[Candidate]] {
        let work = SharedWork(self)
        SearchThreads.run(wantedThreads) {
            work.perform(ownsReaders: false) { false }
        } body: {
            work.perform(ownsReaders: true, isCancelled: isCancelled)
        }
        let found = try work.results()
        return queries.indices.map { query in
            let threshold = thresholds[query].value
            return found.flatMap { $0[query].all }.filter { $0.upper >= threshold }
                .sorted { one, other in
                    if one.upper != other.upper { return one.upper > other.upper }
                    // Those of equal texts are looked up fastest in the order of their slots.
                    return (one.place.segment, one.place.slot)
                        < (other.place.segment, other.place.slot)
                }
        }
    }

    /// Searches windows until none is left.
    fileprivate func work(
        ownsReaders: Bool, isCancelled: () -> Bool
    ) throws(StoreError) -> [Candidates] {
        var search = WindowSearch(self, ownsReaders: ownsReaders)
        while !isStopped.load(ordering: .relaxed) {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < windows.count else { break }
            if isCancelled() { throw .cancelled }
            try search.search(windows[place])
        }
        return search.candidates
    }

    fileprivate func stop() { isStopped.store(true, ordering: .relaxed) }

    /// The number of threads that have enough to do.
    private var wantedThreads: Int {
        var work = 0.0
        for query in queries {
            work += Double(query.text?.postings ?? 0) * Self.postingTime
            if query.codes == nil { continue }
            for (place, part) in segments.enumerated() {
                var read = CodeLayout.blocks(for: part.segment.count)
                if let gathered = query.gathered[place] {
                    read = gathered.count
                } else if let passing = query.passing[place] {
                    read = min(read, passing.possible.count)
                }
                work += Double(read * layout.blockSize) * Self.codeTime
            }
        }
        return max(1, min(windows.count, Int(work / Self.threadTime)))
    }

    // In nanoseconds, about.
    private static let postingTime = 2.0
    private static let codeTime = 0.04
    private static let threadTime = 200_000.0
}

/// The results of the threads of a pass.
///
/// Of the pass, the threads share only what does not change, and atomic numbers; each has readings
/// of lists of its own.
private final class SharedWork: @unchecked Sendable {
    private let pass: SearchPass
    private let found = Mutex<[Result<[Candidates], StoreError>]>([])

    init(_ pass: SearchPass) { self.pass = pass }

    func perform(ownsReaders: Bool, isCancelled: () -> Bool) {
        let result = Result { () throws(StoreError) in
            try pass.work(ownsReaders: ownsReaders, isCancelled: isCancelled)
        }
        // The rest of a failed search is of no use.
        if case .failure = result { pass.stop() }
        found.withLock { $0.append(result) }
    }

    func results() throws(StoreError) -> [[Candidates]] {
        var results: [[Candidates]] = []
        for result in found.withLock({ $0 }) { results.append(try result.get()) }
        return results
    }
}
