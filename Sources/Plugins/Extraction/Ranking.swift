/// The sentences that answer a question, best first.
struct Ranking {
    struct Match {
        /// The index among all sentences.
        let sentence: Int
        let score: Double
    }

    let matches: [Match]

    /// The parameters of BM25 for texts as short as sentences (Robertson and Zaragoza, "The
    /// Probabilistic Relevance Framework: BM25 and Beyond", 2009).
    private static let saturation = 1.2
    private static let lengthDamping = 0.5

    /// The weight of a word that is not in the sentence, only beside or above it.
    private static let nearby = 0.4

    /// The share of a question that a sentence must have to be worth showing.
    private static let enough = 0.5

    /// The number of words to which that share is limited, as a long question mentions more than
    /// one sentence can have.
    private static let mostWords = 4.0

    init(_ query: QuestionTerms, _ sentences: Sentences) {
        let all = sentences.all
        let averageLength =
            Double(all.reduce(0) { $0 + $1.length }) / Double(max(1, all.count))
        let whole = query.words.reduce(0) { $0 + query.weight(of: $1) }
        let needed = Self.enough * min(whole, Self.mostWords)
        var matches: [Match] = []
        for (number, sentence) in all.enumerated() {
            let damping =
                1 - Self.lengthDamping
                + Self.lengthDamping * Double(sentence.length) / max(1, averageLength)
            var score = 0.0
            var own = 0.0
            var covered = 0.0
            for word in query.words {
                var frequency = 0.0
                var near = 0.0
                for (stem, likeness) in word.stems {
                    if let count = sentence.stems[stem] {
                        frequency = max(frequency, likeness * Double(count))
                    } else if sentence.surroundings.contains(stem) {
                        near = max(near, likeness)
                    }
                }
                let weight = query.weight(of: word)
                if frequency > 0 {
                    own += weight * min(1, frequency)
                    covered += weight * min(1, frequency)
                    score +=
                        word.meaning * word.rarity * frequency * (Self.saturation + 1)
                        / (frequency + Self.saturation * damping)
                } else if near > 0 {
                    covered += weight * near * Self.nearby
                    score += word.meaning * word.rarity * near * Self.nearby
                }
            }
            guard whole > 0, covered >= needed, own >= needed / 2 else { continue }
            score *= sentence.fitness(for: query)
            // Passages come in order, best first.
            score *= 1 - 0.02 * Double(min(sentence.passage, 10))
            matches.append(Match(sentence: number, score: score))
        }
        self.matches = matches.sorted {
            $0.score != $1.score ? $0.score > $1.score : $0.sentence < $1.sentence
        }
    }
}

extension Sentence {
    /// Returns the factor of the score for this kind of sentence.
    fileprivate func fitness(for query: QuestionTerms) -> Double {
        // A question asks rather than answers.
        if isQuestion { return 0.4 }
        if isCode { return 0.8 }
        // "hector-embed turns ..." says what hector-embed is.
        if let subject, query.words.contains(where: { $0.stems.contains { $0.stem == subject } }) {
            return 1.2
        }
        return 1
    }
}
