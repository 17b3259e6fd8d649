internal import VectorKernels

/// A scan of one collection for several queries at once, so that its codes are read from memory
/// only once.
///
/// The scan works on codes of one byte per component, a quarter of the size of the vectors, and
/// gives each vector a lower and an upper bound of its similarity. Those whose upper bound is not
/// below the best lower bounds are candidates. Then the vectors themselves are compared, in double
/// precision, from the highest upper bound down to the first that is below the worst of the best.
/// So the result is exact for all vectors; the error of the codes only decides how many vectors are
/// compared.
struct Search {
    private let state: State
    private let collection: State.Collection
    private var runs: [RunningQuery]
    private let isCancelled: () -> Bool

    /// - Parameter queries: The checked queries, of the collection's dimension, with the lengths of
    ///   their vectors.
    init(
        _ queries: [(query: Query, length: Double)], _ state: State,
        _ collection: State.Collection, isCancelled: @escaping () -> Bool
    ) {
        self.state = state
        self.collection = collection
        self.isCancelled = isCancelled
        runs = queries.map { RunningQuery($0.query, length: $0.length) }
    }

    mutating func run() throws(StoreError) -> [[Match]] {
        let scan = CodeScan(
            runs.map { ($0.vector.codes, threshold: $0.threshold) }, collection.layout)
        for (index, part) in collection.segments.enumerated() {
            var masks: [SlotMask?] = []
            for run in runs {
                masks.append(
                    try run.query.filter.flatMap { filter throws(StoreError) in
                        try mask(of: filter, in: part)
                    })
            }
            try scan.search(part, masks: masks, isCancelled: isCancelled) {
                query, slot, bounds throws(StoreError) in
                var score: Double?
                if let filter = runs[query].query.filter, masks[query] == nil {
                    score = try self.score(slot, in: part.segment, filter, runs[query].vector)
                    if score == nil { return runs[query].threshold }
                }
                runs[query].offer(
                    Candidate(segment: index, slot: slot, upper: bounds.upper, score: score),
                    lower: score.map { Float($0).nextDown } ?? bounds.lower)
                return runs[query].threshold
            }
        }
        var found: [[Match]] = []
        for index in runs.indices { found.append(try matches(&runs[index])) }
        return found
    }

    /// Returns the slots that a filter accepts, or nil if only the records tell.
    private func mask(of filter: Filter, in part: LiveSegment) throws(StoreError) -> SlotMask? {
        nil
    }

    /// Returns the similarity of a record, or nil if the filter does not accept it.
    private func score(
        _ slot: Int, in segment: Segment, _ filter: Filter, _ query: VectorQuery
    ) throws(StoreError) -> Double? {
        let frame = try state.record(of: slot, in: segment)
        return frame.withRecord { record in
            filter.accepts(record) ? record.cosine(to: query.vector, length: query.length) : nil
        } ?? nil
    }

    /// Compares the vectors of the candidates, and reads the records of the best.
    private func matches(_ run: inout RunningQuery) throws(StoreError) -> [Match] {
        var best = TopK(limit: run.query.limit)
        for candidate in run.sortedCandidates {
            if let threshold = best.threshold, Double(candidate.upper) < threshold { break }
            let segment = collection.segments[candidate.segment].segment
            let score: Double
            if let known = candidate.score {
                score = known
            } else {
                score = try state.cosine(of: candidate.slot, in: segment, to: run.vector)
            }
            if let threshold = best.threshold, score < threshold { continue }
            let id = try segment.ids.id(of: candidate.slot).string
            best.offer(
                TopK.Entry(score: score, id: id, segment: candidate.segment, slot: candidate.slot))
        }
        var matches: [Match] = []
        for entry in best.best {
            let segment = collection.segments[entry.segment].segment
            let frame = try state.record(of: entry.slot, in: segment)
            let record = try Record(frame, includesVector: run.query.includesVectors)
            matches.append(
                Match(
                    id: record.id, score: Float(entry.score), metadata: record.metadata,
                    vector: record.vector))
        }
        return matches
    }
}

/// A record that may be one of the best.
private struct Candidate {
    let segment: Int
    let slot: Int
    /// Not less than the similarity.
    let upper: Float
    /// The similarity, if it is known already.
    let score: Double?
}

/// A query and the candidates found for it.
private struct RunningQuery {
    let query: Query
    let vector: VectorQuery
    private var candidates: [Candidate] = []
    /// The best lower bounds, in a heap: the first is the least.
    private var lowers: [Float] = []
    private var most = 1024

    init(_ query: Query, length: Double) {
        self.query = query
        vector = VectorQuery(query.vector, length: length)
    }

    /// The smallest similarity of interest; -2 is less than that of any two vectors.
    var threshold: Float { lowers.count < query.limit ? -2 : lowers[0] }

    /// The candidates, those with the highest bounds first.
    var sortedCandidates: [Candidate] {
        candidates.filter { $0.upper >= threshold }.sorted { $0.upper > $1.upper }
    }

    mutating func offer(_ candidate: Candidate, lower: Float) {
        if candidate.upper < threshold { return }
        candidates.append(candidate)
        if lowers.count < query.limit {
            lowers.append(lower)
            rise()
        } else if lower > lowers[0] {
            lowers[0] = lower
            sink()
        }
        if candidates.count > most {
            let threshold = threshold
            candidates.removeAll { $0.upper < threshold }
            most = max(1024, candidates.count * 2)
        }
    }

    private mutating func rise() {
        var place = lowers.count - 1
        while place > 0, lowers[place] < lowers[(place - 1) / 2] {
            lowers.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < lowers.count {
                if lowers[child] < lowers[least] { least = child }
            }
            if least == place { return }
            lowers.swapAt(place, least)
            place = least
        }
    }
}

extension Record {
    /// - Parameter frame: A whole one.
    init(_ frame: Frame, includesVector: Bool) throws(StoreError) {
        let record = frame.withRecord { record in
            Record(
                id: record.id, vector: includesVector ? record.vector : [],
                metadata: record.metadata)
        }
        guard let record else { throw StoreError("a record is damaged", kind: .damage) }
        self = record
    }
}
