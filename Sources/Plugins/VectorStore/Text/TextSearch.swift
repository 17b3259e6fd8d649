package import TextAnalysis

/// A slot of one of the segments that are searched together.
struct SlotReference: Hashable {
    /// The place of the segment among them.
    let segment: Int
    let slot: UInt32
}

/// The part of a term in the score of a document.
package struct TermScore: Sendable, Equatable {
    package let term: QuestionTerm
    /// The weight of the term by its rarity.
    package let rarity: Double
    /// The number of documents that have the term.
    package let documents: Int
    /// The term's frequency in this document.
    package let frequency: Int
    package let score: Double
}

/// A search of a question's terms in the texts of segments, which are ranked as one collection.
///
/// A document's score is the sum of its words' parts in the order of the question, so it is the same
/// however the document was found. A word's part is its term's or that of its groups of letters
/// together, whichever is more: a document that has the word is not better for having its letters.
/// The search belongs to one thread.
///
/// Slots are looked at in windows. In each, the terms are ordered by the most that they can add to a
/// score there, as the blocks' bounds tell. Those at the end that cannot reach the threshold together
/// are only looked up for slots that others have; the others' lists are added up (Turtle and Flood's
/// MaxScore, with the bounds of blocks instead of lists).
@safe final class TextSearch {
    /// A segment, and the slots that may be found: those that are alive and pass the filter.
    struct Part {
        let index: TextIndex
        /// Slots that do not count in the statistics; they must not be accepted either.
        let dead: SlotMask?
        let accepts: (UInt32) throws -> Bool

        init(
            _ index: TextIndex, dead: SlotMask? = nil,
            accepts: @escaping (UInt32) throws -> Bool = { _ in true }
        ) {
            self.index = index
            self.dead = dead
            self.accepts = accepts
        }
    }

    /// A term of the question in all segments.
    private struct Term {
        let question: QuestionTerm
        let documents: Int
        let rarity: Double
        /// The most that it adds to a score.
        let weight: Double
    }

    /// The lists of a segment.
    private struct Lists {
        let lengths: BorrowedBytes
        /// For each term its list, or nil if the segment does not have it.
        let readers: [PostingReader?]
    }

    private static let window: UInt32 = 4096
    /// Sums in single precision are this much too small at most.
    private static let slack = 1 - 1e-5

    private let parts: [Part]
    private let lists: [Lists]
    private let terms: [Term]
    /// The terms of each word: its own, then its groups of letters.
    private let words: [Range<Int>]
    private let formula: BM25
    private let singleHalfFrequencies: [Float]

    /// The sums of a window, and a bit for each slot that has one.
    private let sums: UnsafeMutablePointer<Float>
    private let isFound: UnsafeMutablePointer<UInt64>

    /// The sum of all words' weights, which no score reaches. It is 0 for a question without terms.
    let greatestScore: Double

    init(_ parts: [Part], _ question: [QuestionWord]) throws(StoreError) {
        self.parts = parts
        var documents = 0
        var totalLength = 0
        var dead: [DeadSlots?] = []
        for part in parts {
            documents += part.index.statistics.documents
            totalLength += part.index.statistics.totalLength
            guard let mask = part.dead, mask.count > 0 else {
                dead.append(nil)
                continue
            }
            let slots = DeadSlots(mask, lengths: try part.index.lengthCodes())
            documents -= slots.slots.count
            totalLength -= slots.totalLength
            dead.append(slots)
        }
        formula = BM25(documents: documents, totalLength: totalLength)
        singleHalfFrequencies = formula.halfFrequencies.map { Float($0) }
        let searched = try SearchedTerms(
            question, in: parts.map(\.index), dead: dead, documents: documents)
        var lists: [Lists] = []
        for (part, readers) in zip(parts, searched.readers) {
            lists.append(Lists(lengths: try part.index.lengthCodes(), readers: readers))
        }
        self.lists = lists
        var terms: [Term] = []
        for (term, count) in zip(searched.terms, searched.counts) {
            let rarity = formula.rarity(count)
            terms.append(
                Term(
                    question: term, documents: count, rarity: rarity, weight: term.weight * rarity))
        }
        self.terms = terms
        words = searched.words
        greatestScore = words.reduce(0) { sum, word in
            let groups = word.dropFirst().reduce(0) { $0 + terms[$1].weight }
            return sum + max(terms[word.lowerBound].weight, groups)
        }
        unsafe sums = .allocate(capacity: Int(Self.window))
        unsafe sums.initialize(repeating: 0, count: Int(Self.window))
        unsafe isFound = .allocate(capacity: Int(Self.window) / 64)
        unsafe isFound.initialize(repeating: 0, count: Int(Self.window) / 64)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe isFound.deallocate()
    }

    // MARK: One document

    /// Returns the score of a document, which is 0 without a term of the question.
    func score(of place: SlotReference) throws -> Double {
        try score(place.slot, lists[place.segment])
    }

    private func score(_ slot: UInt32, _ lists: Lists) throws(StoreError) -> Double {
        guard Int(slot) < lists.lengths.count else { return 0 }
        let length = lists.lengths[Int(slot)]
        var sum = 0.0
        for word in words {
            let own = try score(word.lowerBound, slot, length, lists)
            var groups = 0.0
            for term in word.dropFirst() { groups += try score(term, slot, length, lists) }
            sum += max(own, groups)
        }
        return sum
    }

    /// Returns what a term adds to a document's score.
    private func score(
        _ term: Int, _ slot: UInt32, _ length: UInt8, _ lists: Lists
    ) throws(StoreError) -> Double {
        guard let frequency = try lists.readers[term]?.frequency(in: slot), frequency > 0 else {
            return 0
        }
        return terms[term].weight * formula.part(frequency, length)
    }

    /// Returns the terms that make a document's score, in the order of the question: of a word its
    /// own or its groups of letters. Their scores add up to the document's.
    func explanation(of place: SlotReference) throws -> [TermScore] {
        let lists = lists[place.segment]
        guard Int(place.slot) < lists.lengths.count else { return [] }
        let length = lists.lengths[Int(place.slot)]
        var scores: [TermScore] = []
        for word in words {
            let own = try explanation(of: word.prefix(1), place.slot, length, lists)
            let groups = try explanation(of: word.dropFirst(), place.slot, length, lists)
            let better = groups.reduce(0) { $0 + $1.score } > own.reduce(0) { $0 + $1.score }
            scores += better ? groups : own
        }
        return scores
    }

    /// Returns those of some terms that a document has.
    private func explanation(
        of terms: Range<Int>, _ slot: UInt32, _ length: UInt8, _ lists: Lists
    ) throws(StoreError) -> [TermScore] {
        var scores: [TermScore] = []
        for place in terms {
            let frequency = try lists.readers[place]?.frequency(in: slot) ?? 0
            if frequency == 0 { continue }
            let term = self.terms[place]
            scores.append(
                TermScore(
                    term: term.question, rarity: term.rarity, documents: term.documents,
                    frequency: Int(frequency),
                    score: term.weight * formula.part(frequency, length)))
        }
        return scores
    }

    // MARK: All documents

    /// Finds the documents that have a term of the question and a score of a threshold or above.
    ///
    /// - Parameters:
    ///   - threshold: May rise during the search.
    ///   - check: Is called now and then; its errors end the search.
    ///   - receive: Receives each document once, with its score.
    func find(
        threshold: () -> Double, check: () throws -> Void = {},
        _ receive: (SlotReference, Double) throws -> Void
    ) throws {
        for segment in parts.indices {
            let scan = SegmentScan(lists[segment].readers)
            let end = UInt32(clamping: lists[segment].lengths.count)
            var start: UInt32 = 0
            while start < end {
                try check()
                let stop = min(end - start, Self.window) + start
                try find(in: start..<stop, of: segment, scan, threshold, receive)
                start = stop
            }
        }
    }

    /// The reading of a segment's lists, window by window.
    private final class SegmentScan {
        /// The place of each term that the segment has, its list, and the block that was reached.
        var lists: [(term: Int, reader: PostingReader, block: Int)] = []
        /// The terms of a window with what they can add there, the most first.
        var bounds: [(bound: Double, term: Int, reader: PostingReader)] = []
        /// For each of these, the sum of the bounds from it on, and 0.
        var rests: [Double] = []

        init(_ readers: [PostingReader?]) {
            for (term, reader) in readers.enumerated() {
                if let reader { lists.append((term, reader, 0)) }
            }
        }
    }

    private func find(
        in window: Range<UInt32>, of segment: Int, _ scan: SegmentScan,
        _ threshold: () -> Double, _ receive: (SlotReference, Double) throws -> Void
    ) throws {
        orderTerms(in: window, scan)
        var needed = threshold() * Self.slack
        guard let first = scan.rests.first, first > 0, first >= needed else { return }
        let lengths = lists[segment].lengths
        var essential = scan.bounds.count
        while essential > 0, scan.rests[essential - 1] < needed { essential -= 1 }
        for place in 0..<essential {
            let (_, term, reader) = scan.bounds[place]
            try add(reader, terms[term].weight, lengths, window)
        }
        for word in 0..<(window.count + 63) / 64 {
            var bits = unsafe isFound[word]
            if bits == 0 { continue }
            unsafe isFound[word] = 0
            while bits != 0 {
                let place = word * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                var sum = unsafe Double(sums[place])
                unsafe sums[place] = 0
                if sum + scan.rests[essential] < needed { continue }
                let slot = window.lowerBound + UInt32(place)
                guard try parts[segment].accepts(slot) else { continue }
                var rest = essential
                while rest < scan.bounds.count, sum + scan.rests[rest] >= needed {
                    let (_, term, reader) = scan.bounds[rest]
                    let frequency = try reader.frequency(in: slot)
                    if frequency > 0 {
                        sum += terms[term].weight * formula.part(frequency, lengths[Int(slot)])
                    }
                    rest += 1
                }
                if sum + scan.rests[rest] < needed { continue }
                let score = try score(slot, lists[segment])
                if score > 0, score >= threshold() {
                    try receive(SlotReference(segment: segment, slot: slot), score)
                    needed = threshold() * Self.slack
                }
            }
        }
    }

    /// Bounds what each term can add to a score in a window.
    private func orderTerms(in window: Range<UInt32>, _ scan: SegmentScan) {
        scan.bounds.removeAll(keepingCapacity: true)
        for place in scan.lists.indices {
            let (term, reader, reached) = scan.lists[place]
            var block = reached
            while block < reader.blocks, reader.lastSlot(ofBlock: block) < window.lowerBound {
                block += 1
            }
            scan.lists[place].block = block
            var part = 0.0
            while block < reader.blocks {
                if block > 0, reader.lastSlot(ofBlock: block - 1) >= window.upperBound - 1 { break }
                let (greatest, least) = reader.bounds(ofBlock: block)
                part = max(part, greatest == .max ? 1 : formula.part(greatest, least))
                block += 1
            }
            if part > 0 { scan.bounds.append((part * terms[term].weight, term, reader)) }
        }
        scan.bounds.sort { $0.bound > $1.bound }
        scan.rests.removeAll(keepingCapacity: true)
        scan.rests.append(0)
        for (bound, _, _) in scan.bounds.reversed() { scan.rests.append(scan.rests.last! + bound) }
        scan.rests.reverse()
    }

    /// Adds a list's part of a window to the sums.
    private func add(
        _ reader: PostingReader, _ weight: Double, _ lengths: BorrowedBytes,
        _ window: Range<UInt32>
    ) throws(StoreError) {
        try reader.seek(window.lowerBound)
        let weight = Float(weight)
        try unsafe reader.read(before: window.upperBound) { slots, frequencies, count in
            unsafe lengths.withRaw { lengths in
                unsafe singleHalfFrequencies.withUnsafeBufferPointer { halves in
                    // Slots are below the number of lengths, and codes below 256.
                    for number in 0..<count {
                        let slot = unsafe slots[number]
                        let place = Int(slot &- window.lowerBound)
                        let frequency = unsafe Float(frequencies[number])
                        let half = unsafe halves[Int(lengths[Int(slot)])]
                        unsafe sums[place] += weight * frequency / (frequency + half)
                        unsafe isFound[place >> 6] |= 1 << UInt64(place & 63)
                    }
                }
            }
        }
    }

    /// Returns the best documents, best first.
    ///
    /// - Parameters:
    ///   - limit: The most to return; at least 1.
    ///   - id: Returns the id of a record, by which equal scores are ordered.
    func best(
        _ limit: Int, check: () throws -> Void = {}, id: (SlotReference) throws -> [UInt8]
    ) throws -> [BestSlots.Entry] {
        var best = BestSlots(limit: limit)
        try find(threshold: { best.threshold ?? 0 }, check: check) { place, score in
            best.offer(BestSlots.Entry(score: score, id: try id(place), place: place))
        }
        return best.entries
    }
}
