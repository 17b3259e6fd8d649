internal import TextAnalysis

/// A search of one collection for several queries.
///
/// Those by a vector alone share the reading of the codes from memory. One with a text has a pass of
/// its own, as it leaves most of the codes out, and other parts than another one would.
///
/// A pass over all records finds those that may be among the best. Then these are scored exactly, by
/// their vectors in double precision and their texts' terms, from the highest upper bound down to
/// the first that is below the worst of the best. So the result is the same as if all records were
/// scored.
///
/// The score is `(1 - alpha) * text / greatest + alpha * cosine`, where `greatest` is the sum of the
/// weights of the question's terms. A record without a vector's or a word's resemblance has 0 for
/// it. Beside a vector, records that have neither are not found, and with an alpha of 0, only those
/// with a term of the question are. Without a text, the score is the cosine.
struct Search {
    private let state: State
    private let collection: State.Collection
    private let queries: [(query: Query, length: Double)]
    private let analyzer: Analyzer
    private let isCancelled: () -> Bool

    /// - Parameter queries: The checked queries, of the collection's dimension, with the lengths of
    ///   their vectors.
    init(
        _ queries: [(query: Query, length: Double)], _ state: State,
        _ collection: State.Collection, _ analyzer: Analyzer,
        isCancelled: @escaping () -> Bool
    ) {
        self.state = state
        self.collection = collection
        self.queries = queries
        self.analyzer = analyzer
        self.isCancelled = isCancelled
    }

    func run() throws(StoreError) -> [[Match]] {
        var matches = [[Match]](repeating: [], count: queries.count)
        let withoutText = queries.indices.filter { queries[$0].query.text.isEmpty }
        for (place, found) in zip(withoutText, try run(withoutText)) { matches[place] = found }
        for place in queries.indices where !queries[place].query.text.isEmpty {
            matches[place] = try run([place])[0]
        }
        return matches
    }

    /// Performs some of the queries in one pass.
    private func run(_ places: [Int]) throws(StoreError) -> [[Match]] {
        if places.isEmpty { return [] }
        var asked: [AskedQuery] = []
        var pass: [PassQuery] = []
        for place in places {
            let (query, length) = queries[place]
            asked.append(try AskedQuery(query, length: length, collection, analyzer))
            pass.append(try asked.last!.pass(state, collection))
        }
        let found = try SearchPass(pass, collection.segments, collection.layout)
            .run(isCancelled: isCancelled)
        var matches: [[Match]] = []
        for (query, candidates) in zip(asked, found) {
            if isCancelled() { throw .cancelled }
            var own: [Match] = []
            for scored in try best(query, candidates) { own.append(try match(scored, query)) }
            matches.append(own)
        }
        return matches
    }

    /// A record with its exact score.
    private struct Scored {
        let place: SlotReference
        let score: Double
        let cosine: Double
        /// The part of the greatest score.
        let text: Double
    }

    /// Scores the candidates.
    ///
    /// - Parameter candidates: Those with the highest bounds first.
    private func best(
        _ query: AskedQuery, _ candidates: [Candidate]
    ) throws(StoreError) -> [Scored] {
        var best = BestSlots(limit: query.query.limit)
        var scored: [SlotReference: Scored] = [:]
        for candidate in candidates {
            if let threshold = best.threshold, candidate.upper < threshold { break }
            let place = candidate.place
            var cosine = 0.0
            if query.needsCosines {
                cosine = try self.cosine(of: place, query)
                let bound = query.upper(text: candidate.text, cosine: cosine)
                if let threshold = best.threshold, bound < threshold { continue }
            }
            let text = try query.textPart(of: place)
            if query.isHybrid, text == 0, cosine == 0 { continue }
            let score = query.score(text: text, cosine: cosine)
            if let threshold = best.threshold, score < threshold { continue }
            let id = try segment(place).ids.id(of: Int(place.slot)).array
            scored[place] = Scored(place: place, score: score, cosine: cosine, text: text)
            best.offer(BestSlots.Entry(score: score, id: id, place: place))
        }
        return best.entries.compactMap { scored[$0.place] }
    }

    private func segment(_ place: SlotReference) -> Segment {
        collection.segments[place.segment].segment
    }

    private func cosine(
        of place: SlotReference, _ query: AskedQuery
    ) throws(StoreError) -> Double {
        try state.cosine(of: Int(place.slot), in: segment(place), to: query.vector)
    }

    /// Reads the record of a match.
    private func match(_ scored: Scored, _ asked: AskedQuery) throws(StoreError) -> Match {
        let query = asked.query
        let hasText = !query.text.isEmpty
        let hasVector = !query.vector.isEmpty
        let frame = try state.record(of: Int(scored.place.slot), in: segment(scored.place))
        let record = try Record(frame, includesVector: query.includesVectors)
        var cosine = scored.cosine
        if hasVector, !asked.needsCosines { cosine = try self.cosine(of: scored.place, asked) }
        return Match(
            id: record.id, score: Float(scored.score),
            vectorScore: hasVector ? Float(cosine) : nil,
            textScore: hasText ? Float(scored.text) : nil,
            alpha: hasText && hasVector ? Float(asked.alpha) : nil,
            terms: query.explains ? try asked.text?.explanation(of: scored.place) ?? [] : [],
            metadata: record.metadata, vector: record.vector)
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
