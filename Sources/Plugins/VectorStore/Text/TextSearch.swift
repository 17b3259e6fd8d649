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
        let dead: SlotSet?

        init(_ index: TextIndex, dead: SlotSet? = nil) {
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
        /// The words of which the segment has a term, in order.
        let words: [WordLists]
    }

    /// The lists of a word in a segment, by their places among the segment's lists.
    struct WordLists {
        /// The list of the word's own term.
        let own: Int?
        /// The lists of its groups of letters.
        let groups: Range<Int>
    }

    let lists: [Lists]
    let terms: [Term]
    /// The terms of each word: its own, then its groups of letters.
    let words: [Range<Int>]
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
            guard let set = part.dead, !set.isEmpty else {
                dead.append(nil)
                continue
            }
            let slots = DeadSlots(set, lengths: try part.index.lengthCodes())
            documents -= slots.slots.count
            totalLength -= slots.totalLength
            dead.append(slots)
        }
        formula = BM25(documents: documents, totalLength: totalLength)
        let searched = try SearchedTerms(
            question, in: zip(parts, dead).map { (index: $0.index, dead: $1) },
            documents: documents)
        words = searched.words
        var lists: [Lists] = []
        for (part, readers) in zip(parts, searched.readers) {
            lists.append(try Self.lists(part.index, readers, searched.words))
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
        greatestScore = words.reduce(0) { sum, word in
            let groups = word.dropFirst().reduce(0) { $0 + terms[$1].weight }
            return sum + max(terms[word.lowerBound].weight, groups)
        }
    }

    private static func lists(
        _ index: TextIndex, _ found: [PostingReader?], _ words: [Range<Int>]
    ) throws(StoreError) -> Lists {
        var readers: [(term: Int, reader: PostingReader)] = []
        var lists: [WordLists] = []
        for word in words {
            let start = readers.count
            for term in word { if let reader = found[term] { readers.append((term, reader)) } }
            if readers.count == start { continue }
            let own = readers[start].term == word.lowerBound ? start : nil
            lists.append(
                WordLists(own: own, groups: (own.map { $0 + 1 } ?? start)..<readers.count))
        }
        return Lists(lengths: try index.lengthCodes(), readers: readers, words: lists)
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
        func score(_ list: Int) throws(StoreError) -> Double {
            let (term, reader) = lists.readers[list]
            let frequency = try reader.frequency(in: place.slot)
            return frequency == 0 ? 0 : terms[term].weight * formula.part(frequency, length)
        }
        var sum = 0.0
        for word in lists.words {
            var own = 0.0
            if let list = word.own { own = try score(list) }
            var groups = 0.0
            for list in word.groups { groups += try score(list) }
            sum += max(own, groups)
        }
        return sum
    }

    /// Returns the terms that make a document's score, in the order of the question: of a word its
    /// own or its groups of letters. Their scores add up to the document's.
    func explanation(of place: SlotReference) throws(StoreError) -> [TermScore] {
        let lists = lists[place.segment]
        guard Int(place.slot) < lists.lengths.count else { return [] }
        var scores: [TermScore] = []
        for word in lists.words {
            let own =
                try word.own.map { list throws(StoreError) in
                    try explanation(of: list..<list + 1, place.slot, lists)
                } ?? []
            let groups = try explanation(of: word.groups, place.slot, lists)
            let better = groups.reduce(0) { $0 + $1.score } > own.reduce(0) { $0 + $1.score }
            scores += better ? groups : own
        }
        return scores
    }

    /// Returns those terms of some lists that a document has.
    private func explanation(
        of range: Range<Int>, _ slot: UInt32, _ lists: Lists
    ) throws(StoreError) -> [TermScore] {
        var scores: [TermScore] = []
        for (place, reader) in lists.readers[range] {
            let frequency = try reader.frequency(in: slot)
            if frequency == 0 { continue }
            let term = terms[place]
            scores.append(
                TermScore(
                    term: term.question, rarity: term.rarity, documents: term.documents,
                    frequency: Int(frequency),
                    score: term.weight * formula.part(frequency, lists.lengths[Int(slot)])))
        }
        return scores
    }
}
