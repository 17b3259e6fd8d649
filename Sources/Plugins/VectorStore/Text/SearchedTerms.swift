import TextAnalysis

/// The terms of a question that are looked for in the texts of segments, with their lists.
///
/// The groups of letters of a word find those that are spelt like it. Where the word itself is known,
/// groups that many documents have find hardly anything but chance, and their lists are the longest:
/// they are left out, and so are all groups of a word that many documents have.
struct SearchedTerms {
    /// Those of the first word, then of the second, and so on: the word's own, then its groups.
    private(set) var terms: [QuestionTerm] = []
    /// The number of documents that have each term.
    private(set) var counts: [Int] = []
    /// The terms of each word.
    private(set) var words: [Range<Int>] = []
    /// For each segment the lists of the terms, nil for those that it does not have.
    private(set) var readers: [[PostingReader?]]

    /// Many is more than this part of the documents, and more than so many.
    private static let commonPart = 0.1
    private static let fewestCommon = 100

    /// - Parameters:
    ///   - segments: Their indexes, with the dead slots of those that have any.
    ///   - documents: The number of documents in all segments.
    init(
        _ question: [QuestionWord], in segments: [(index: TextIndex, dead: DeadSlots?)],
        documents: Int
    ) throws(StoreError) {
        readers = segments.map { _ in [] }
        let most = max(Self.fewestCommon, Int(Double(documents) * Self.commonPart))
        let own = try OpenedLists(question.map(\.term), segments)
        var groups: [QuestionTerm] = []
        for (word, count) in zip(question, own.counts) where count <= most { groups += word.groups }
        let opened = try OpenedLists(groups, segments)
        var next = 0
        for (place, word) in question.enumerated() {
            let start = terms.count
            let count = own.counts[place]
            add(place, of: own)
            if count <= most {
                for group in next..<next + word.groups.count
                where count == 0 || opened.counts[group] <= most {
                    add(group, of: opened)
                }
                next += word.groups.count
            }
            words.append(start..<terms.count)
        }
    }

    private mutating func add(_ term: Int, of opened: OpenedLists) {
        terms.append(opened.terms[term])
        counts.append(opened.counts[term])
        for segment in readers.indices {
            readers[segment].append(opened.readers[segment][term])
        }
    }
}

/// The lists of terms in segments.
private struct OpenedLists {
    let terms: [QuestionTerm]
    /// The number of documents that live and have each term.
    private(set) var counts: [Int]
    /// For each segment the list of each term, or nil if it does not have it.
    private(set) var readers: [[PostingReader?]] = []

    init(
        _ terms: [QuestionTerm], _ segments: [(index: TextIndex, dead: DeadSlots?)]
    ) throws(StoreError) {
        self.terms = terms
        counts = Array(repeating: 0, count: terms.count)
        for lists in try ListOpening.open(segments, terms) {
            var found = [PostingReader?](repeating: nil, count: terms.count)
            for list in lists {
                found[list.term] = list.reader
                counts[list.term] += list.documents
            }
            readers.append(found)
        }
    }
}
