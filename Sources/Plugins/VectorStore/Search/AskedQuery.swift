internal import TextAnalysis

/// A query with its terms and codes.
struct AskedQuery {
    let query: Query
    let vector: VectorQuery
    /// The terms of the text, or nil if it has none.
    let text: TextSearch?
    /// The weight of the vector beside a text.
    let alpha: Double
    /// True if the score of a record depends on its vector.
    let needsCosines: Bool

    init(
        _ query: Query, length: Double, _ collection: State.Collection, _ analyzer: Analyzer
    ) throws(StoreError) {
        self.query = query
        vector = VectorQuery(query.vector, length: length)
        var text: TextSearch?
        if query.text.isEmpty {
            alpha = 1
        } else {
            alpha = query.vector.isEmpty ? 0 : query.alpha ?? collection.alpha
            let words = analyzer.words(of: query.text)
            var parts: [TextSearch.Part] = []
            for part in collection.segments {
                let index = try part.segment.text.index(for: words)
                parts.append(TextSearch.Part(index, dead: part.dead))
            }
            let found = try TextSearch(parts, words)
            if found.greatestScore > 0 { text = found }
        }
        self.text = text
        needsCosines = alpha > 0
    }

    /// True for a question of words and a vector.
    var isHybrid: Bool { !query.text.isEmpty && needsCosines }

    /// The score of a record from the part of the greatest score that its text has.
    func score(text: Double, cosine: Double) -> Double { (1 - alpha) * text + alpha * cosine }

    /// Returns the part of the greatest score that a record's text has.
    func textPart(of place: SlotReference) throws(StoreError) -> Double {
        guard let text else { return 0 }
        return try text.score(of: place) / text.greatestScore
    }

    /// Returns a bound of the score of a record whose text was scored in single precision.
    func upper(text sum: Float, cosine: Double) -> Double {
        guard let text else { return score(text: 0, cosine: cosine) }
        let part = Double(sum) / text.greatestScore
        return score(text: part * (1 + TextSums.slack(text)) + 1e-12, cosine: cosine)
    }

    /// Returns the query as a pass over the records needs it.
    func pass(_ state: State, _ collection: State.Collection) throws(StoreError) -> PassQuery {
        var passing: [PassingSlots?] = []
        var gathered: [GatheredCodes?] = []
        for part in collection.segments {
            let slots = try slots(passing: query.filter, in: part)
            passing.append(slots)
            var codes: GatheredCodes?
            if let slots, needsCosines {
                codes = try query.filter?.codes(of: slots.possible, in: part.segment)
            }
            gathered.append(codes)
        }
        // With a weight of 1, the text does not change the order.
        let usedText = alpha < 1 ? text : nil
        return PassQuery(
            text: usedText, codes: needsCosines ? vector.codes : nil, alpha: alpha,
            textWeight: usedText.map { (1 - alpha) / $0.greatestScore } ?? 0,
            limit: query.limit, passing: passing, gathered: gathered,
            finds: needsCosines || text != nil
        ) { [filter = query.filter] place throws(StoreError) in
            guard let filter else { return true }
            let segment = collection.segments[place.segment].segment
            let frame = try state.record(of: Int(place.slot), in: segment)
            return frame.withRecord { filter.filter.accepts($0) } ?? false
        }
    }

    /// Returns the slots of a segment that pass a filter, or nil without one.
    private func slots(
        passing filter: CachedFilter?, in part: LiveSegment
    ) throws(StoreError) -> PassingSlots? {
        guard let filter else { return nil }
        let segment = part.segment
        guard let index = segment.metadata else {
            return PassingSlots(
                certain: SlotSet(universe: segment.count), possible: .all(segment.count))
        }
        return try filter.slots(of: segment.identity, index, count: segment.count)
    }
}
