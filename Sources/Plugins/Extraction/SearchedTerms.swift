import Glibc
import TextAnalysis

/// The terms of a question, with their places in the sentences and near them.
struct SearchedTerms {
    /// The factor of each term's score: its weight in the question times its rarity, the inverse
    /// document frequency of BM25.
    let weights: [Double]

    /// True for words, and for characters that are as good as words; false for groups of letters,
    /// which only find similar spellings.
    let areWords: [Bool]

    /// The terms that each sentence has, by their indices.
    let inSentences: [[(term: Int, frequency: Double)]]

    /// The terms that each context has.
    let inContexts: [[Int]]

    /// The number of terms after which the rest of a question is ignored. Words come first.
    private static let mostTerms = 300

    /// The number of sentences that is assumed at least, so that a word is not common because it is
    /// in the only one.
    private static let fewestSentences = 20

    init(_ question: String, in sentences: Sentences) {
        let hasSubject = question.lowercased().split { !$0.isLetter && !$0.isNumber }
            .contains { !Self.commonWords.contains($0) }
        let terms =
            hasSubject ? sentences.analyzer.question(question).prefix(Self.mostTerms) : []
        var indices: [UInt64: Int] = [:]
        for (index, term) in terms.enumerated() { indices[term.hash] = index }
        var counts = [Double](repeating: 0, count: terms.count)
        inSentences = sentences.all.map { sentence in
            sentence.terms.compactMap { term in
                guard let index = indices[term.hash] else { return nil }
                counts[index] += 1
                return (index, Double(term.frequency))
            }
        }
        inContexts = sentences.contexts.map { $0.compactMap { indices[$0.hash] } }
        let all = Double(max(sentences.all.count, Self.fewestSentences))
        weights = zip(terms, counts).map { term, count in
            term.weight * log(1 + (all - count + 0.5) / (count + 0.5))
        }
        areWords = terms.map { $0.kind != .group && $0.weight >= 1 }
    }

    private static let commonWords = Set(CommonWords.english.split(separator: " "))
}
