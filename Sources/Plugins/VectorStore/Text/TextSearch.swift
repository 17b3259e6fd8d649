package import TextAnalysis
internal import VectorKernels

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

/// A question's terms in the texts of segments, which are ranked as one collection.
///
/// A document's score is the sum of its terms' parts in the order of the question, so it is the same
/// however the document was found.
final class TextSearch {
    /// The texts of a segment.
    struct Part {
        let index: TextIndex
        /// Slots that do not count in the statistics.
        let dead: SlotMask?

        init(_ index: TextIndex, dead: SlotMask? = nil) {
            self.index = index
            self.dead = dead
        }
    }

    /// A term of the question in all segments.
    struct Term {
        let question: QuestionTerm
        let documents: Int
        let rarity: Double
        /// The most that it adds to a score.
        let weight: Double
    }

    /// The terms of the question that a segment has.
    struct Lists {
        let lengths: BorrowedBytes
        /// The place of each term in the question, in order, and its list. The readings belong to
        /// the thread of the search.
        let readers: [(term: Int, reader: PostingReader)]
    }

    let lists: [Lists]
    let terms: [Term]
    let formula: BM25

    /// The sum of all terms' weights, which no score reaches. It is 0 for a question without terms.
    let greatestScore: Double

    init(_ parts: [Part], _ question: [QuestionTerm]) throws(StoreError) {
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
        var counts = [Int](repeating: 0, count: question.count)
        var lists: [Lists] = []
        let opened = try ListOpening.open(
            zip(parts, dead).map { (index: $0.index, dead: $1) }, question)
        for (part, opened) in zip(parts, opened) {
            for list in opened { counts[list.term] += list.documents }
            lists.append(
                Lists(
                    lengths: try part.index.lengthCodes(),
                    readers: opened.map { (term: $0.term, reader: $0.reader) }))
        }
        self.lists = lists
        var terms: [Term] = []
        for (term, count) in zip(question, counts) {
            let rarity = formula.rarity(count)
            terms.append(
                Term(
                    question: term, documents: count, rarity: rarity, weight: term.weight * rarity))
        }
        self.terms = terms
        greatestScore = terms.reduce(0) { $0 + $1.weight }
    }

    /// The number of all entries in the lists.
    var postings: Int {
        lists.reduce(0) { $1.readers.reduce($0) { $0 + $1.reader.count } }
    }

    /// Returns the score of a document, which is 0 without a term of the question.
    func score(of place: SlotReference) throws(StoreError) -> Double {
        let lists = lists[place.segment]
        guard Int(place.slot) < lists.lengths.count else { return 0 }
        let length = lists.lengths[Int(place.slot)]
        var score = 0.0
        for (term, reader) in lists.readers {
            let frequency = try reader.frequency(in: place.slot)
            if frequency == 0 { continue }
            score += terms[term].weight * formula.part(frequency, length)
        }
        return score
    }

    /// Returns the terms that a document has, in the order of the question. Their scores add up to
    /// the document's.
    func explanation(of place: SlotReference) throws(StoreError) -> [TermScore] {
        let lists = lists[place.segment]
        guard Int(place.slot) < lists.lengths.count else { return [] }
        let length = lists.lengths[Int(place.slot)]
        var scores: [TermScore] = []
        for (place, frequency) in try frequencies(of: place.slot, lists) {
            let term = terms[place]
            scores.append(
                TermScore(
                    term: term.question, rarity: term.rarity, documents: term.documents,
                    frequency: Int(frequency),
                    score: term.weight * formula.part(frequency, length)))
        }
        return scores
    }

    private func frequencies(
        of slot: UInt32, _ lists: Lists
    ) throws(StoreError) -> [(term: Int, frequency: UInt32)] {
        var found: [(term: Int, frequency: UInt32)] = []
        for (term, reader) in lists.readers {
            let frequency = try reader.frequency(in: slot)
            if frequency > 0 { found.append((term, frequency)) }
        }
        return found
    }
}
