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
    ///   - dead: The dead slots of each segment that has any.
    ///   - documents: The number of documents in all segments.
    init(
        _ question: [QuestionWord], in segments: [TextIndex], dead: [DeadSlots?], documents: Int
    ) throws(StoreError) {
        readers = segments.map { _ in [] }
        let most = max(Self.fewestCommon, Int(Double(documents) * Self.commonPart))
        for word in question {
            let start = terms.count
            try add(word.term, segments, dead)
            let count = counts[start]
            if count <= most {
                for group in word.groups {
                    try add(group, segments, dead, atMost: count == 0 ? .max : most)
                }
            }
            words.append(start..<terms.count)
        }
    }

    /// Adds a term, unless too many documents have it.
    private mutating func add(
        _ term: QuestionTerm, _ segments: [TextIndex], _ dead: [DeadSlots?], atMost most: Int = .max
    ) throws(StoreError) {
        var entries: [TextIndex.Entry?] = []
        for segment in segments {
            entries.append(try segment.entry(of: TextIndexWriter.number(of: term.hash)))
        }
        // With all dead slots taken away there may still be too many.
        let least = zip(entries, dead).reduce(0) {
            $0 + max(0, ($1.0?.count ?? 0) - ($1.1?.slots.count ?? 0))
        }
        if least > most { return }
        var count = 0
        var lists: [PostingReader?] = []
        for (place, entry) in entries.enumerated() {
            guard let entry else {
                lists.append(nil)
                continue
            }
            let reader = try PostingReader(segments[place], entry, begins: false)
            count += entry.count
            if let dead = dead[place] { count -= try reader.count(dead: dead) }
            lists.append(reader)
        }
        if count > most { return }
        terms.append(term)
        counts.append(count)
        for place in segments.indices { readers[place].append(lists[place]) }
    }
}
