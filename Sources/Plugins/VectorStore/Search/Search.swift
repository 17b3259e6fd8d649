internal import TextAnalysis

/// A scan of one collection for several queries at once, so that its codes are read from memory
/// only once.
///
/// The scan works on codes of one byte per component, a quarter of the size of the vectors, and
/// gives each vector a lower and an upper bound of its similarity. Those whose upper bound is not
/// below the best lower bounds are candidates. Then the vectors themselves are compared, in double
/// precision, from the highest upper bound down to the first that is below the worst of the best.
/// So the result is exact for all vectors; the error of the codes only decides how many vectors are
/// compared. A query with a text then ranks by both.
struct Search {
    private let state: State
    private let collection: State.Collection
    private let analyzer: Analyzer
    private var runs: [RunningQuery]
    private let isCancelled: () -> Bool

    /// - Parameter queries: The checked queries, of the collection's dimension, with the lengths of
    ///   their vectors.
    init(
        _ queries: [(query: Query, length: Double)], _ state: State,
        _ collection: State.Collection, _ analyzer: Analyzer,
        isCancelled: @escaping () -> Bool
    ) {
        self.state = state
        self.analyzer = analyzer
        self.collection = collection
        self.isCancelled = isCancelled
        runs = queries.map { query, length in
            RunningQuery(query, length: length, alpha: query.alpha ?? collection.alpha)
        }
    }

    mutating func run() throws(StoreError) -> [[Match]] {
        try findNearest()
        var found: [[Match]] = []
        for run in runs {
            let nearest = try nearest(run)
            if run.query.text.isEmpty {
                found.append(
                    try nearest.map { entry throws(StoreError) in
                        try match(entry.place, run.query, score: entry.score, cosine: entry.score)
                    })
            } else {
                found.append(try hybrid(run, nearest))
            }
        }
        return found
    }

    /// Scans the codes for the queries to which vectors matter.
    private mutating func findNearest() throws(StoreError) {
        let wanted = runs.indices.filter { runs[$0].query.text.isEmpty || runs[$0].alpha > 0 }
        if wanted.isEmpty { return }
        let scan = CodeScan(
            wanted.map { (runs[$0].vector.codes, threshold: runs[$0].threshold) },
            collection.layout)
        for (index, part) in collection.segments.enumerated() {
            var passing: [PassingSlots?] = []
            for run in wanted { passing.append(try slots(passing: runs[run].query, in: part)) }
            try scan.search(part, masks: passing.map { $0?.possible }, isCancelled: isCancelled) {
                place, slot, bounds throws(StoreError) in
                let query = wanted[place]
                var score: Double?
                if let filter = runs[query].query.filter, let passing = passing[place],
                    !passing.certain.contains(UInt32(slot))
                {
                    score = try self.score(
                        slot, in: part.segment, filter.filter, runs[query].vector)
                    if score == nil { return runs[query].threshold }
                }
                runs[query].offer(
                    Candidate(segment: index, slot: slot, upper: bounds.upper, score: score),
                    lower: score.map { Float($0).nextDown } ?? bounds.lower)
                return runs[query].threshold
            }
        }
    }

    // MARK: Words

    /// Finds the matches of a query with a text.
    ///
    /// - Parameter nearest: The records with the nearest vectors.
    private func hybrid(
        _ run: RunningQuery, _ nearest: [BestSlots.Entry]
    ) throws(StoreError) -> [Match] {
        let query = run.query
        do {
            var parts: [TextSearch.Part] = []
            for part in collection.segments { parts.append(try textPart(part, query)) }
            let text = try TextSearch(parts, analyzer.words(of: query.text))
            let vectors = StoredVectors(state, collection, run.vector, nearest: nearest)
            let matches = try HybridSearch(
                text: text, vectors: vectors, alpha: run.alpha, limit: query.limit
            ).run(check: { if isCancelled() { throw StoreError.cancelled } })
            return try matches.map { found in
                try match(
                    found.place, query, score: found.score,
                    cosine: query.vector.isEmpty ? nil : found.cosine, text: found.text,
                    alpha: query.vector.isEmpty ? nil : run.alpha,
                    terms: query.explains ? text.explanation(of: found.place) : [])
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError("\(error)")
        }
    }

    /// The texts of a segment's records that live and pass a filter.
    private func textPart(
        _ part: LiveSegment, _ query: Query
    ) throws(StoreError) -> TextSearch.Part {
        guard let filter = query.filter, let passing = try slots(passing: query, in: part) else {
            return TextSearch.Part(part.segment.text, dead: part.dead) {
                !part.dead.contains(Int($0))
            }
        }
        return TextSearch.Part(part.segment.text, dead: part.dead) { [state] slot in
            if !passing.possible.contains(slot) || part.dead.contains(Int(slot)) { return false }
            if passing.certain.contains(slot) { return true }
            let frame = try state.record(of: Int(slot), in: part.segment)
            return frame.withRecord { filter.filter.accepts($0) } ?? false
        }
    }

    // MARK: Vectors

    /// Returns the slots of a segment that pass a query's filter, or nil if it has none.
    private func slots(
        passing query: Query, in part: LiveSegment
    ) throws(StoreError) -> PassingSlots? {
        guard let filter = query.filter else { return nil }
        let segment = part.segment
        guard let index = segment.metadata else {
            return PassingSlots(
                certain: SlotSet(universe: segment.count), possible: .all(segment.count))
        }
        return try filter.slots(of: segment.identity, index, count: segment.count)
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

    /// Compares the vectors of the candidates.
    private func nearest(_ run: RunningQuery) throws(StoreError) -> [BestSlots.Entry] {
        var best = BestSlots(limit: run.query.limit)
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
            let id = try segment.ids.id(of: candidate.slot).array
            let place = SlotReference(segment: candidate.segment, slot: UInt32(candidate.slot))
            best.offer(BestSlots.Entry(score: score, id: id, place: place))
        }
        return best.entries
    }

    /// Reads the record of a match.
    private func match(
        _ place: SlotReference, _ query: Query, score: Double, cosine: Double?,
        text: Double? = nil, alpha: Double? = nil, terms: [TermScore] = []
    ) throws(StoreError) -> Match {
        let segment = collection.segments[place.segment].segment
        let frame = try state.record(of: Int(place.slot), in: segment)
        let record = try Record(frame, includesVector: query.includesVectors)
        return Match(
            id: record.id, score: Float(score), vectorScore: cosine.map { Float($0) },
            textScore: text.map { Float($0) }, alpha: alpha.map { Float($0) }, terms: terms,
            metadata: record.metadata, vector: record.vector)
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
    /// The weight of the vector beside a text.
    let alpha: Double
    private var candidates: [Candidate] = []
    /// The best lower bounds, in a heap: the first is the least.
    private var lowers: [Float] = []
    private var most = 1024

    init(_ query: Query, length: Double, alpha: Double) {
        self.query = query
        self.alpha = query.vector.isEmpty ? 0 : alpha
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
