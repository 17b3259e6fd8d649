import Testing
import TextAnalysis

@testable import VectorStore

@Suite struct TextSearchTests {
    /// Segments of random texts, some of whose slots are dead.
    private struct Collection {
        let texts: [RandomTexts]
        let dead: [Set<UInt32>]
        let segments: [LiveSegment]

        init(_ counts: [Int], terms: Int, _ numbers: inout Numbers) throws {
            var random = numbers
            texts = counts.map { RandomTexts($0, terms: terms, &random) }
            dead = counts.map { count in
                Set(
                    (0..<count).filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
                        .map { UInt32($0) })
            }
            segments = try zip(texts, dead).map { texts, dead in
                var mask = SlotSet(universe: texts.documents.count)
                for slot in dead { mask.insert(slot) }
                let segment = try Segment.inMemory(
                    texts, [[Float]](repeating: [1], count: texts.documents.count))
                return LiveSegment(segment, dead: mask)
            }
            numbers = random
        }

        func search(_ question: [QuestionWord]) throws -> TextSearch {
            try TextSearch(
                segments.map { .init(try $0.segment.text.index(), dead: $0.dead) }, question)
        }

        /// Returns the documents that a search finds, best first.
        func best(_ limit: Int, _ question: [QuestionWord]) throws -> [BestSlots.Entry] {
            let text = try search(question)
            let query = PassQuery(
                text: text.greatestScore > 0 ? text : nil, codes: nil, alpha: 0,
                textWeight: text.greatestScore > 0 ? 1 / text.greatestScore : 0, limit: limit,
                passing: segments.map { _ in nil }, gathered: segments.map { _ in nil },
                finds: text.greatestScore > 0
            ) { _ in true }
            let pass = try SearchPass([query], segments, CodeLayout(dimension: 1))
            var best = BestSlots(limit: limit)
            for candidate in try pass.run(isCancelled: { false })[0] {
                let place = candidate.place
                best.offer(
                    .init(score: try text.score(of: place), id: id(place), place: place))
            }
            return best.entries
        }

        var living: [SlotReference] {
            texts.indices.flatMap { segment in
                (0..<UInt32(texts[segment].documents.count))
                    .filter { !dead[segment].contains($0) }
                    .map { SlotReference(segment: segment, slot: $0) }
            }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `the best are those of scoring everything`(seed: UInt64) throws {
        var numbers = Numbers(seed)
        let counts = seed % 4 == 0 ? [9000, 300] : [400, 1, 0, 5000, 60]
        let terms = seed % 3 == 0 ? 30 : 2000
        let collection = try Collection(counts, terms: terms, &numbers)
        for count in [1, 5, 30] {
            let question = RandomTexts.question(
                (0..<count).map { _ in Int.random(in: 0..<terms + 2, using: &numbers) })
            let search = try collection.search(question)
            var all = BestSlots(limit: 100_000)
            for place in collection.living {
                let score = try search.score(of: place)
                #expect(score < search.greatestScore)
                if score > 0 { all.offer(.init(score: score, id: id(place), place: place)) }
            }
            for limit in [1, 10, 100, 100_000] {
                let best = try collection.best(limit, question)
                let expected = all.entries.prefix(limit)
                #expect(best.map(\.place) == expected.map(\.place))
                #expect(best.map(\.score) == expected.map(\.score))
            }
        }
    }

    @Test func `a score is BM25 over all segments`() throws {
        let documents: [[[Int: UInt32]]] = [[[1: 2, 2: 1], [2: 5]], [[1: 1, 3: 9], [:]]]
        var parts: [TextSearch.Part] = []
        for documents in documents {
            parts.append(.init(try TextIndex(Section(RandomTexts.bytes(documents)))))
        }
        let search = try TextSearch(parts, RandomTexts.question([1, 4]))
        let formula = BM25(documents: 3, totalLength: 18)
        #expect(search.greatestScore == max(formula.rarity(2), 0.6 * formula.rarity(0)))
        let place = SlotReference(segment: 0, slot: 0)
        let half = BM25.saturation * (1 - BM25.lengthPenalty + BM25.lengthPenalty * 3 / 6)
        let expected = formula.rarity(2) * 2 / (2 + half)
        #expect(abs(try search.score(of: place) - expected) < 1e-12)
        let explanation = try search.explanation(of: place)
        #expect(explanation.map(\.term.spelling) == ["1"])
        #expect(explanation.map(\.frequency) == [2])
        #expect(explanation.map(\.documents) == [2])
        #expect(explanation.map(\.score) == [try search.score(of: place)])
        #expect(try search.score(of: SlotReference(segment: 1, slot: 1)) == 0)
    }

    /// A segment of texts in which each term occurs once.
    private func part(_ documents: [[Int]]) throws -> TextSearch.Part {
        let texts = documents.map { Dictionary(uniqueKeysWithValues: $0.map { ($0, UInt32(1)) }) }
        return .init(try TextIndex(Section(RandomTexts.bytes(texts))))
    }

    @Test func `a word counts by itself or by its groups, whichever is more`() throws {
        let part = try part([[1, 2, 3], [2, 3, 9], [1, 8, 9], [7, 8, 9]])
        let search = try TextSearch([part], RandomTexts.question([1, 2, 3]))
        func parts(_ slot: UInt32) throws -> [String] {
            let place = SlotReference(segment: 0, slot: slot)
            let explanation = try search.explanation(of: place)
            #expect(
                abs(explanation.reduce(0) { $0 + $1.score } - (try search.score(of: place)))
                    < 1e-12)
            return explanation.map(\.term.spelling)
        }
        // All three have the same rarity, and two groups of weight 0.6 are more than the word.
        #expect(try parts(0) == ["2", "3"])
        #expect(try parts(1) == ["2", "3"])
        #expect(try parts(2) == ["1"])
        #expect(try parts(3) == [])
        #expect(
            abs(search.greatestScore - 1.2 * BM25(documents: 4, totalLength: 12).rarity(2)) < 1e-12)
    }

    @Test(arguments: [false, true])
    func `common groups are only looked for if no document has the word`(isKnown: Bool) throws {
        // Of 2000 documents, 1 is known or not, 2 is in a quarter of them, 3 in 10.
        let part = try part(
            (0..<2000).map { slot in
                [slot == 0 && isKnown ? 1 : 0] + (slot % 4 == 0 ? [2] : [])
                    + (slot % 200 == 1 ? [3] : [])
            })
        let search = try TextSearch([part], RandomTexts.question([1, 2, 3]))
        let scores = try (0..<8).map { try search.score(of: SlotReference(segment: 0, slot: $0)) }
        #expect((scores[4] > 0) == !isKnown)
        #expect(scores[1] > 0)
        // Nor are any groups of a word that many documents have.
        let common = try TextSearch([part], RandomTexts.question([2, 3]))
        #expect(try common.score(of: SlotReference(segment: 0, slot: 1)) == 0)
    }

    @Test func `few documents are never many`() throws {
        let part = try part([[1, 2], [2], [2]])
        let search = try TextSearch([part], RandomTexts.question([1, 2]))
        #expect(try search.score(of: SlotReference(segment: 0, slot: 1)) > 0)
    }
}

private func id(_ place: SlotReference) -> [UInt8] {
    // The order of ids is not that of slots.
    Array("\(place.slot &* 2_654_435_761 % 1009) \(place.segment) \(place.slot)".utf8)
}
