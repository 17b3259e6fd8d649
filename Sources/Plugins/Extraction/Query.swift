import Glibc
import HashEmbedding

/// What a question asks about: its words, with what each of them counts among these sentences.
struct Query {
    struct Word {
        /// Its stem, and those of words spelt almost alike, with how well they fit.
        let stems: [(stem: UInt64, likeness: Double)]

        /// How much it tells one text from another: 0.5 for a general word, else 1.
        let meaning: Double

        /// The inverse document frequency of BM25.
        let rarity: Double
    }

    let words: [Word]

    /// How many of the sentences are taken for more than there are, so that a word is not common
    /// because it is in the only one.
    private static let fewestSentences = 20

    /// A question of more words is about the first of them.
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

    /// Of a word that is nowhere.
    private let mostRare: Double

    /// What a word counts when it is judged whether a sentence fits at all: half of it if it is
    /// almost everywhere.
    func weight(of word: Word) -> Double {
        word.meaning * (0.5 + 0.5 * word.rarity / mostRare)
    }
}

private func rarity(of found: Double, among count: Double) -> Double {
    log(1 + (count - found + 0.5) / (found + 0.5))
}

/// Whether two words share all but their endings: "rotation" and "rotate".
private func isAlmost(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.first == second.first else { return false }
    let shared = zip(first, second).prefix { $0 == $1 }.count
    return shared >= max(5, min(first.count, second.count) - 1)
}
