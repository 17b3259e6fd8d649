/// The search for one query by one thread.
struct QueryRun {
    private let query: PassQuery
    private let bounds: TextBounds?
    /// The scores of the window's texts.
    let sums: TextSums?
    private(set) var candidates: Candidates

    /// The slots of the window that may be of interest.
    private(set) var slots = WindowSlots()
    /// True if codes decide which of them are.
    private(set) var isOpen = false
    private var passing: PassingSlots?
    /// The slots that codes have found and whose sums are not complete.
    private var hits: [Hit] = []

    private struct Hit {
        let place: Int
        let cosine: (lower: Float, upper: Float)
    }

    /// A cosine is not greater, with what is lost through rounding.
    private static let greatestCosine = 1 + 1e-6
    /// The most that a score may lose through single precision in the scan.
    private static let slack = 2e-6

    init(_ pass: SearchPass, _ place: Int, ownsReaders: Bool) {
        query = pass.queries[place]
        bounds = pass.bounds[place]
        if let text = query.text, let bounds, let parts = pass.parts {
            sums = TextSums(
                text, bounds, parts, blockSize: pass.layout.blockSize, ownsReaders: ownsReaders)
        } else {
            sums = nil
        }
        candidates = Candidates(limit: query.limit, pass.thresholds[place])
    }

    /// The factor by which the scan multiplies a text's sum, to have it beside a cosine.
    var offsetScale: Float { isExpressible ? Float(query.textWeight / query.alpha) : 0 }

    /// The least cosine of interest for a text whose sum is 0.
    var codeThreshold: Float {
        if !isExpressible { return -.infinity }
        let rest = query.textWeight * (sums?.rest ?? 0)
        return Float((candidates.threshold - Self.slack - rest) / query.alpha).nextDown
    }

    /// False if a text counts so much more than a vector that no number of single precision says
    /// how much.
    private var isExpressible: Bool { query.text == nil || query.alpha > 1e-6 }

    /// Finds the slots of a window that are of interest by their texts. If vectors do not matter,
    /// they are candidates.
    mutating func begin(_ window: SlotWindow, _ part: LiveSegment) throws(StoreError) {
        candidates.refresh()
        isOpen = false
        slots.set(window, of: part)
        passing = query.passing[window.segment]
        if let passing { slots.formIntersection(passing.possible, window) }
        if slots.isEmpty || !query.finds { return }
        guard let sums, let bounds else {
            isOpen = true
            return
        }
        let most = Double(bounds.sum(in: window))
        let vector = query.codes == nil ? 0 : query.alpha * Self.greatestCosine
        if query.textWeight * most + vector < candidates.threshold { return }
        var needed = (candidates.threshold - vector - Self.slack) / query.textWeight
        if query.codes == nil {
            // A record must have a term.
            if most == 0 { return }
            needed = max(needed, .leastNormalMagnitude)
        }
        try sums.addUp(window, &slots, needed: needed, completes: query.codes == nil)
        if query.codes != nil {
            isOpen = !slots.isEmpty
            return
        }
        for word in 0..<window.words {
            var bits = slots[word]
            while bits != 0 {
                try offer(word * 64 + bits.trailingZeroBitCount, (0, 0), window)
                bits &= bits - 1
            }
        }
    }

    /// Takes a slot that codes have found.
    ///
    /// - Parameters:
    ///   - place: The slot's place in the window.
    ///   - cosine: The bounds of its cosine.
    mutating func take(
        _ place: Int, _ cosine: (lower: Float, upper: Float), _ window: SlotWindow
    ) throws(StoreError) {
        if let sums, sums.rest > 0 {
            hits.append(Hit(place: place, cosine: cosine))
        } else {
            try offer(place, cosine, window)
        }
    }

    /// Completes the sums of the slots that codes have found in a window: of all slots by adding up
    /// more lists, as long as there are many, and then of each.
    mutating func end(_ window: SlotWindow) throws(StoreError) {
        guard let sums, !hits.isEmpty else { return }
        candidates.refresh()
        let found = hits.count
        while true {
            let rest = sums.rest
            hits.removeAll { hit in
                let text = Double(sums.sum(hit.place)) * (1 + sums.slack) + rest
                let bound = query.alpha * Double(hit.cosine.upper) + query.textWeight * text
                return bound + Self.slack < candidates.threshold
            }
            if !(try sums.addMore(for: hits.count, window)) { break }
        }
        sums.noteHits(found, in: window)
        for hit in hits {
            if sums.rest > 0 {
                let others = query.alpha * Double(hit.cosine.upper) + Self.slack
                let needed = (candidates.threshold - others) / query.textWeight
                if !(try sums.complete(hit.place, of: window, needed: needed)) { continue }
            }
            try offer(hit.place, hit.cosine, window)
        }
        hits.removeAll(keepingCapacity: true)
    }

    private mutating func offer(
        _ place: Int, _ cosine: (lower: Float, upper: Float), _ window: SlotWindow
    ) throws(StoreError) {
        let text = sums?.sum(place) ?? 0
        let share = query.textWeight * Double(text)
        let slack = sums?.slack ?? 0
        let upper = query.alpha * Double(cosine.upper) + share * (1 + slack)
        if upper < candidates.threshold { return }
        let slot = SlotReference(segment: window.segment, slot: UInt32(window.first + place))
        if let passing, !passing.certain.contains(slot.slot), !(try query.accepts(slot)) { return }
        candidates.offer(
            Candidate(place: slot, upper: upper, text: text),
            lower: query.alpha * Double(cosine.lower) + share * (1 - slack))
    }
}
