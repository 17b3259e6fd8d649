/// A sentence that was chosen for an answer.
package struct Quote: Equatable, Sendable {
    package let text: String

    /// The source, or nil if that has no name.
    package let source: String?
}

/// The answers that passages give to a question.
package struct Extract: Sendable {
    private let passages: [Passage]
    private let sentences: Sentences

    /// The share of the best score that a sentence must reach to be quoted beside the best one.
    private static let closeness = 0.4

    /// The share of common words from which two sentences count as equal.
    private static let sameness = 0.8

    package init(_ passages: [Passage]) {
        self.passages = passages
        sentences = Sentences(passages)
    }

    package var sentenceCount: Int { sentences.all.count }

    /// Returns the sentences that fit a question best, at most `limit`. Those of a passage stay
    /// together and in their order, and the passage with the best one comes first. Returns none if
    /// none fits.
    package func quotes(for question: String, limit: Int) -> [Quote] {
        let matches = Ranking(QuestionTerms(question, in: sentences), sentences).matches
        guard let best = matches.first else { return [] }
        var chosen: [Ranking.Match] = []
        for match in matches where chosen.count < limit {
            guard match.score >= best.score * Self.closeness else { break }
            if !chosen.contains(where: { isSame($0.sentence, match.sentence) }) {
                chosen.append(match)
            }
        }
        var order: [Int: Int] = [:]
        for match in chosen {
            let passage = sentences.all[match.sentence].passage
            if order[passage] == nil { order[passage] = order.count }
        }
        return chosen.map(\.sentence).sorted { first, second in
            let (a, b) = (
                order[sentences.all[first].passage]!, order[sentences.all[second].passage]!
            )
            return a != b ? a < b : first < second
        }.map(quote)
    }

    /// Returns the beginning of the passages: the first sentences of a single one, or the first
    /// sentence of each of several.
    package func beginning(limit: Int) -> [Quote] {
        var chosen: [Int] = []
        var inPassage: [Int: Int] = [:]
        let ofEach = Set(sentences.all.map(\.passage)).count > 1 ? 1 : limit
        for (number, sentence) in sentences.all.enumerated() where chosen.count < limit {
            guard !sentence.isCode, inPassage[sentence.passage, default: 0] < ofEach else {
                continue
            }
            if chosen.contains(where: { isSame($0, number) }) { continue }
            inPassage[sentence.passage, default: 0] += 1
            chosen.append(number)
        }
        return chosen.map(quote)
    }

    private func quote(_ number: Int) -> Quote {
        let sentence = sentences.all[number]
        return Quote(text: sentence.text, source: passages[sentence.passage].source)
    }

    /// True if the second of two sentences would add almost nothing.
    private func isSame(_ first: Int, _ second: Int) -> Bool {
        let first = Set(sentences.all[first].stems.keys)
        let second = Set(sentences.all[second].stems.keys)
        let shared = Double(first.intersection(second).count)
        return shared >= Self.sameness * Double(first.union(second).count)
    }
}
