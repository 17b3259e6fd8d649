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
/// A document's score is the sum of its words' parts in the order of the question, so it is the same
/// however the document was found. A word's part is its term's or that of its groups of letters
/// together, whichever is more: a document that has the word is not better for having its letters.
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
        /// The words of which the segment has a term.
        let words: [Word]

        /// The places of a word's lists among the readings.
        struct Word {
            let own: Int?
            let groups: Range<Int>

            /// Both.
            var all: Range<Int> { (own ?? groups.lowerBound)..<groups.upperBound }
        }

        /// - Parameter readers: The list of each term, or nil.
        fileprivate init(
            lengths: BorrowedBytes, _ readers: [PostingReader?], _ words: [Range<Int>]
        ) {
            self.lengths = lengths
            var found: [(term: Int, reader: PostingReader)] = []
            var own: [Word] = []
            for word in words {
                let start = found.count
                for term in word {
                    if let reader = readers[term] { found.append((term, reader)) }
                }
                if found.count == start { continue }
                let hasOwn = found[start].term == word.lowerBound
                own.append(
                    Word(
                        own: hasOwn ? start : nil,
                        groups: start + (hasOwn ? 1 : 0)..<found.count))
            }
            self.readers = found
            self.words = own
        }
    }

    let lists: [Lists]
    let terms: [Term]
    let formula: BM25

    /// The sum of all words' weights, which no score reaches. It is 0 for a question without terms.
    let greatestScore: Double

    init(_ parts: [Part], _ question: [QuestionWord]) throws(StoreError) {
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
        let searched = try SearchedTerms(
            question, in: parts.map(\.index), dead: dead, documents: documents)
        var lists: [Lists] = []
        for (part, readers) in zip(parts, searched.readers) {
            lists.append(Lists(lengths: try part.index.lengthCodes(), readers, searched.words))
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
        greatestScore = searched.words.reduce(0) { sum, word in
            let groups = word.dropFirst().reduce(0) { $0 + terms[$1].weight }
            return sum + max(terms[word.lowerBound].weight, groups)
        }
    }

    /// The number of all entries in the lists.
    var postings: Int {
        lists.reduce(0) { $1.readers.reduce($0) { $0 + $1.reader.count } }
    }

    /// Returns the score of a document, which is 0 without a term of the question.
    func score(of place: SlotReference) throws(StoreError) -> Double {
        let lists = lists[place.segment]
        let slot = place.slot
        guard Int(slot) < lists.lengths.count else { return 0 }
        let length = lists.lengths[Int(slot)]
        var sum = 0.0
        for word in lists.words {
            let own = try word.own.map { list throws(StoreError) in
                try score(list, slot, length, lists)
            }
            var groups = 0.0
            for list in word.groups { groups += try score(list, slot, length, lists) }
            sum += max(own ?? 0, groups)
        }
        return sum
    }

    /// Returns what a term adds to a document's score.
    private func score(
        _ list: Int, _ slot: UInt32, _ length: UInt8, _ lists: Lists
    ) throws(StoreError) -> Double {
        let (term, reader) = lists.readers[list]
        let frequency = try reader.frequency(in: slot)
        return frequency == 0 ? 0 : terms[term].weight * formula.part(frequency, length)
    }

    /// Returns the terms that make a document's score, in the order of the question: of a word its
    /// own or its groups of letters. Their scores add up to the document's.
    func explanation(of place: SlotReference) throws(StoreError) -> [TermScore] {
        let lists = lists[place.segment]
        guard Int(place.slot) < lists.lengths.count else { return [] }
        let length = lists.lengths[Int(place.slot)]
        var scores: [TermScore] = []
        for word in lists.words {
            var own: [TermScore] = []
            if let list = word.own {
                own = try explanation(of: list...list, place.slot, length, lists)
            }
            let groups = try explanation(of: word.groups, place.slot, length, lists)
            let isBetter = groups.reduce(0) { $0 + $1.score } > own.reduce(0) { $0 + $1.score }
            scores += isBetter ? groups : own
        }
        return scores
    }

    /// Returns the terms of some lists that a document has.
    private func explanation(
        of places: some Sequence<Int>, _ slot: UInt32, _ length: UInt8, _ lists: Lists
    ) throws(StoreError) -> [TermScore] {
        var scores: [TermScore] = []
        for list in places {
            let (place, reader) = lists.readers[list]
            let frequency = try reader.frequency(in: slot)
            if frequency == 0 { continue }
            let term = terms[place]
            scores.append(
                TermScore(
                    term: term.question, rarity: term.rarity, documents: term.documents,
                    frequency: Int(frequency),
                    score: term.weight * formula.part(frequency, length)))
        }
        return scores
    }
}
