import Glibc
import HashEmbedding

/// The subject of a question: its words, with the weight of each among these sentences.
struct QuestionTerms {
    struct Word {
        /// Its stem, and the stems of words with almost the same spelling, with their likeness.
        let stems: [(stem: UInt64, likeness: Double)]

        /// The word's power to distinguish texts: 0.5 for a general word, or else 1.
        let meaning: Double

        /// The inverse document frequency of BM25.
        let rarity: Double
    }

    let words: [Word]

    /// The number of sentences that is assumed at least, so that a word is not common because it is
    /// in the only one.
    private static let fewestSentences = 20

    /// The number of words after which the rest of a question is ignored.
    private static let mostWords = 100

    init(_ question: String, in sentences: Sentences) {
        var seen = Set<UInt64>()
        let terms = Terms(question).terms.filter {
            $0.kind != .function && seen.insert($0.stem).inserted
        }.prefix(Self.mostWords)
        let count = Double(max(sentences.all.count, Self.fewestSentences))
        words = terms.map { term in
            var stems = [(stem: term.stem, likeness: 1.0)]
            for (stem, others) in sentences.words where stem != term.stem {
                if others.contains(where: { isAlmost($0, term.word) }) { stems.append((stem, 0.8)) }
            }
            let found = Double(
                sentences.all.count { sentence in
                    stems.contains { sentence.stems[$0.stem] != nil }
                })
            return Word(
                stems: stems, meaning: term.kind == .general ? 0.5 : 1,
                rarity: rarity(of: found, among: count))
        }
        mostRare = rarity(of: 0, among: count)
    }

    /// The rarity of a word that is in no sentence.
    private let mostRare: Double

    /// Returns the weight of a word in the decision whether a sentence fits at all: half of it if
    /// the word is almost everywhere.
    func weight(of word: Word) -> Double {
        word.meaning * (0.5 + 0.5 * word.rarity / mostRare)
    }
}

private func rarity(of found: Double, among count: Double) -> Double {
    log(1 + (count - found + 0.5) / (found + 0.5))
}

/// True if two words differ only in their endings: "rotation" and "rotate".
private func isAlmost(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.first == second.first else { return false }
    let shared = zip(first, second).prefix { $0 == $1 }.count
    return shared >= max(5, min(first.count, second.count) - 1)
}
