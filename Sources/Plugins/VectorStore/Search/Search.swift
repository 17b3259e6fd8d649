internal import TextAnalysis

/// A search of one collection for several queries at once, so that its codes are read from memory
/// only once.
///
/// A pass over all records finds those that may be among the best. Then these are scored exactly, by
/// their vectors in double precision and their texts' terms, from the highest upper bound down to
/// the first that is below the worst of the best. So the result is the same as if all records were
/// scored.
///
/// The score is `(1 - alpha) * text / greatest + alpha * cosine`, where `greatest` is the sum of the
/// weights of the question's terms. A record without a vector's or a word's resemblance has 0 for
/// it. With an alpha of 0, only records with a term of the question are found. Without a text, the
/// score is the cosine.
struct Search {
    private let state: State
    private let collection: State.Collection
    private let queries: [AskedQuery]
    private let isCancelled: () -> Bool

    /// - Parameter queries: The checked queries, of the collection's dimension, with the lengths of
    ///   their vectors.
    init(
        _ queries: [(query: Query, length: Double)], _ state: State,
        _ collection: State.Collection, _ analyzer: Analyzer,
        isCancelled: @escaping () -> Bool
    ) throws(StoreError) {
        self.state = state
        self.collection = collection
        self.isCancelled = isCancelled
        var asked: [AskedQuery] = []
        for (query, length) in queries {
            asked.append(try AskedQuery(query, length: length, collection, analyzer))
        }
        self.queries = asked
    }

    func run() throws(StoreError) -> [[Match]] {
        var pass: [PassQuery] = []
        for query in queries { pass.append(try query.pass(state, collection)) }
        let found = try SearchPass(pass, collection.segments, collection.layout)
            .run(isCancelled: isCancelled)
        var matches: [[Match]] = []
        for (query, candidates) in zip(queries, found) {
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
