package import TextAnalysis

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

    package init(_ passages: [Passage], _ analyzer: Analyzer = .english) {
        self.passages = passages
        sentences = Sentences(passages, analyzer)
    }

    package var sentenceCount: Int { sentences.all.count }

    /// Returns the sentences that fit a question best, at most `limit`, the best one first. The
    /// others of a passage stay together and in their order. Returns none if no word of the
    /// question that has a meaning of its own is in the passages.
    ///
    /// - Parameter coverage: The share of the question's words that each sentence must have, in
    ///   itself or around it.
    package func quotes(
        for question: String, limit: Int, coverage: Double = 0
    ) -> [Quote] {
        let matches = Ranking(question, sentences).matches.filter { $0.coverage >= coverage }
        guard let best = matches.first else { return [] }
        var chosen: [(sentence: Int, words: Set<Substring>)] = []
        for match in matches where chosen.count < limit {
            guard match.score >= best.score * Self.closeness else { break }
            let words = sentences.all[match.sentence].words
            if chosen.contains(where: { isSame(words, $0.words) }) { continue }
            chosen.append((match.sentence, words))
        }
        var order: [Int: Int] = [:]
        for (sentence, _) in chosen {
            let passage = sentences.all[sentence].passage
            if order[passage] == nil { order[passage] = order.count }
        }
        let rest = chosen.dropFirst().map(\.sentence).sorted { first, second in
            let (a, b) = (
                order[sentences.all[first].passage]!, order[sentences.all[second].passage]!
            )
            return a != b ? a < b : first < second
        }
        return quotes([best.sentence] + rest)
    }

    /// Returns the beginning of the passages: the first sentences of a single one, or the first
    /// sentence of each of several.
    package func beginning(limit: Int) -> [Quote] {
        var chosen: [(sentence: Int, words: Set<Substring>)] = []
        var inPassage: [Int: Int] = [:]
        let ofEach = Set(sentences.all.map(\.passage)).count > 1 ? 1 : limit
        for (number, sentence) in sentences.all.enumerated() where chosen.count < limit {
            guard sentence.kind != .code, inPassage[sentence.passage, default: 0] < ofEach else {
                continue
            }
            let words = sentence.words
            if chosen.contains(where: { isSame(words, $0.words) }) { continue }
            inPassage[sentence.passage, default: 0] += 1
            chosen.append((number, words))
        }
        return quotes(chosen.map(\.sentence))
    }

    private func quotes(_ numbers: [Int]) -> [Quote] {
        var quotes: [Quote] = []
        var table: String?
        for number in numbers {
            let sentence = sentences.all[number]
            let source = passages[sentence.passage].source
            if let head = sentence.tableHead, head == table, let last = quotes.last {
                // The rows of a table stay under one head.
                quotes[quotes.count - 1] = Quote(
                    text: "\(last.text)\n\(sentence.text)", source: source)
            } else {
                let head = sentence.tableHead.map { "\($0)\n" } ?? ""
                quotes.append(Quote(text: head + sentence.text, source: source))
            }
            table = sentence.tableHead
        }
        return quotes
    }

    /// True if one of two sentences would add almost nothing to the other.
    private func isSame(_ first: Set<Substring>, _ second: Set<Substring>) -> Bool {
        let shared = Double(first.intersection(second).count)
        return shared >= Self.sameness * (Double(first.count + second.count) - shared)
    }
}

extension Sentence {
    /// The words that are compared with those of other sentences.
    fileprivate var words: Set<Substring> {
        Set(text.lowercased().split { !$0.isLetter && !$0.isNumber })
    }
}

extension Analyzer {
    /// The analyzer for English, whose lexicon all conversations share.
    package static let english: Analyzer = {
        do { return try Analyzer() } catch { preconditionFailure("\(error)") }
    }()
}
