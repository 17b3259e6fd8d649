/// The sentences that answer a question, best first.
///
/// The score is that of BM25. A term that is only near a sentence, in what it explains, in its
/// headings or in its block, has a part of the score that it would have in the sentence.
struct Ranking {
    struct Match {
        /// The index among all sentences.
        let sentence: Int
        let score: Double

        /// The share of the question's words that the sentence has, in itself or near it.
        let coverage: Double
    }

    let matches: [Match]

    /// The parameters of BM25 for texts as short as sentences (Robertson and Zaragoza, "The
    /// Probabilistic Relevance Framework: BM25 and Beyond", 2009).
    private static let saturation = 1.2
    private static let lengthDamping = 0.7

    /// The parts of its score that a term has by the place where it is near the sentence.
    private enum Nearness {
        static let tag = 0.4
        static let heading = 0.4
        static let source = 0.4
        static let block = 0.2
    }

    /// The number of words to which a question's share is limited, as a long question mentions
    /// more than one sentence can have.
    private static let mostWords = 4

    init(_ question: String, _ sentences: Sentences) {
        let terms = SearchedTerms(question, in: sentences)
        let all = sentences.all
        let averageLength = Double(all.reduce(0) { $0 + $1.length }) / Double(max(1, all.count))
        let words = Double(max(1, min(terms.areWords.count { $0 }, Self.mostWords)))
        let groupCount = terms.areWords.count { !$0 }
        var matches: [Match] = []
        for block in sentences.blocks {
            let near = Self.nearness(of: terms, to: block)
            let base = near.indices.reduce(0) { $0 + terms.weights[$1] * near[$1] }
            guard base > 0 else { continue }
            let nearWords = near.indices.reduce(0) { terms.areWords[$1] ? $0 + near[$1] : $0 }
            for number in block.sentences {
                let sentence = all[number]
                let damping =
                    1 - Self.lengthDamping
                    + Self.lengthDamping * Double(sentence.length) / max(1, averageLength)
                var score = base
                var covered = nearWords
                var groups = 0
                for (term, frequency) in terms.inSentences[number] {
                    let part =
                        frequency * (Self.saturation + 1)
                        / (frequency + Self.saturation * damping)
                    score += terms.weights[term] * (part - near[term])
                    if terms.areWords[term] { covered += 1 - near[term] } else { groups += 1 }
                }
                // Without a word of the question, its spelling must be similar.
                guard covered > 0 || groups * 2 > groupCount else { continue }
                // Passages come in order, best first.
                score *= sentence.fitness * (1 - 0.02 * Double(min(sentence.passage, 10)))
                matches.append(
                    Match(sentence: number, score: score, coverage: covered / words))
            }
        }
        self.matches = matches.sorted {
            $0.score != $1.score ? $0.score > $1.score : $0.sentence < $1.sentence
        }
    }

    /// Returns the part of its score that each term has near the sentences of a block.
    private static func nearness(
        of terms: SearchedTerms, to block: Sentences.Surroundings
    ) -> [Double] {
        var near = [Double](repeating: 0, count: terms.weights.count)
        func add(_ contexts: [Int], _ nearness: Double) {
            for context in contexts {
                for term in terms.inContexts[context] { near[term] = max(near[term], nearness) }
            }
        }
        add(block.tags, Nearness.tag)
        add(block.headings, Nearness.heading)
        add([block.source], Nearness.source)
        for sentence in block.sentences {
            for (term, _) in terms.inSentences[sentence] {
                near[term] = max(near[term], Nearness.block)
            }
        }
        return near
    }
}

extension Sentence {
    /// The factor of the score for this kind of sentence.
    fileprivate var fitness: Double {
        switch kind {
        // A question asks rather than answers.
        case .question: 0.4
        case .code: 0.8
        // A name alone, as in a list, says nothing about what it names.
        case .row, .statement: length < 3 ? 0.6 : 1
        }
    }
}
