/// The vector's side of a search for words and a vector.
protocol VectorRanking {
    /// Returns the records that the search may find with the highest cosines, and their ids; for
    /// equal cosines those with the first ids. The best is first.
    func best(_ limit: Int) throws -> [BestSlots.Entry]

    /// The cosine of a record's vector and the question's.
    func cosine(of place: SlotReference) throws -> Double

    /// A number that the cosine does not exceed, which is cheaper to have.
    func upperBound(of place: SlotReference) throws -> Double

    func id(of place: SlotReference) throws -> [UInt8]
}

/// A search for words and a vector, which ranks by both.
///
/// The score is `(1 - alpha) * text / greatest + alpha * cosine`, where `greatest` is the sum of the
/// weights of the question's terms. A record without a vector's or a word's resemblance has 0 for
/// it.
///
/// The result is the same as if all records were scored. The best of both sides give a threshold. A
/// record that reaches it must be among the best vectors, if it has no term of the question: those
/// that precede it there do so here. If it has one, its text alone must reach what remains of the
/// threshold when its cosine is the best of all; all such records are looked at.
struct HybridSearch<Vectors: VectorRanking> {
    struct Match: Equatable {
        let place: SlotReference
        let id: [UInt8]
        let score: Double
        let cosine: Double
        /// From 0 to 1: the part of the greatest score that the text has.
        let text: Double
    }

    let text: TextSearch
    let vectors: Vectors
    /// The weight of the vector, from 0 to 1. With 0, only records with a term of the question are
    /// found.
    let alpha: Double
    /// The most matches; at least 1.
    let limit: Int

    /// - Parameter check: Is called now and then; its errors end the search.
    func run(check: () throws -> Void = {}) throws -> [Match] {
        if alpha == 0 {
            let best = try text.best(limit, check: check) { try vectors.id(of: $0) }
            return try best.map { try match($0.place, $0.id) }
        }
        if alpha == 1 || text.greatestScore == 0 {
            return try vectors.best(limit).map { try match($0.place, $0.id, cosine: $0.score) }
        }
        var found = FoundMatches(limit: limit)
        let nearest = try vectors.best(limit)
        for entry in nearest {
            found.offer(try match(entry.place, entry.id, cosine: entry.score))
        }
        guard let bestCosine = nearest.first?.score else { return [] }
        for entry in try text.best(limit, check: check, id: { try vectors.id(of: $0) }) {
            if found.contains(entry.place) { continue }
            found.offer(try match(entry.place, entry.id))
        }
        try text.find(threshold: { leastText(found.threshold, bestCosine) }, check: check) {
            place, score in
            if found.contains(place) { return }
            let part = score / text.greatestScore
            let bound = combined(part, try vectors.upperBound(of: place))
            if let threshold = found.threshold, bound < threshold { return }
            let cosine = try vectors.cosine(of: place)
            let score = combined(part, cosine)
            if let threshold = found.threshold, score < threshold { return }
            found.offer(
                Match(
                    place: place, id: try vectors.id(of: place), score: score, cosine: cosine,
                    text: part))
        }
        return found.matches
    }

    private func combined(_ text: Double, _ cosine: Double) -> Double {
        (1 - alpha) * text + alpha * cosine
    }

    /// The least score of a text that reaches a threshold with the best cosine.
    private func leastText(_ threshold: Double?, _ bestCosine: Double) -> Double {
        guard let threshold else { return 0 }
        // A little less, because the two sums are rounded differently.
        let part = (threshold - alpha * bestCosine) / (1 - alpha) - 1e-9
        return max(0, part * text.greatestScore)
    }

    private func match(
        _ place: SlotReference, _ id: [UInt8], cosine: Double? = nil
    ) throws -> Match {
        let cosine = try cosine ?? vectors.cosine(of: place)
        let part = text.greatestScore == 0 ? 0 : try text.score(of: place) / text.greatestScore
        return Match(
            place: place, id: id, score: combined(part, cosine), cosine: cosine, text: part)
    }

    /// The best matches so far, and the records that were looked at first.
    private struct FoundMatches {
        private var best: BestSlots
        private var seen: [SlotReference: Match] = [:]

        init(limit: Int) { best = BestSlots(limit: limit) }

        var threshold: Double? { best.threshold }

        var matches: [Match] { best.entries.compactMap { seen[$0.place] } }

        func contains(_ place: SlotReference) -> Bool { seen[place] != nil }

        mutating func offer(_ match: Match) {
            seen[match.place] = match
            best.offer(.init(score: match.score, id: match.id, place: match.place))
        }
    }
}
