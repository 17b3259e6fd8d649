import Testing
import TextAnalysis

@testable import VectorStore

/// Cosines in arrays.
private struct Cosines: VectorRanking {
    let segments: [[Double]]
    let isAlive: (SlotReference) -> Bool
    /// The looseness of the upper bounds.
    let error: Double

    func best(_ limit: Int) throws -> [BestSlots.Entry] {
        var best = BestSlots(limit: limit)
        for place in places {
            best.offer(.init(score: try cosine(of: place), id: try id(of: place), place: place))
        }
        return best.entries
    }

    var places: [SlotReference] {
        segments.indices.flatMap { segment in
            segments[segment].indices.map { SlotReference(segment: segment, slot: UInt32($0)) }
        }.filter(isAlive)
    }

    func cosine(of place: SlotReference) throws -> Double {
        segments[place.segment][Int(place.slot)]
    }

    func upperBound(of place: SlotReference) throws -> Double {
        try cosine(of: place) + error * Double(place.slot % 3)
    }

    func id(of place: SlotReference) throws -> [UInt8] {
        Array("\(place.slot &* 2_654_435_761 % 1009) \(place.segment) \(place.slot)".utf8)
    }
}

@Suite struct HybridSearchTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `the matches are those of scoring everything`(seed: UInt64) throws {
        var numbers = Numbers(seed)
        let counts = [[1500], [300, 0, 1, 900], [5, 2], [0]][Int(seed % 4)]
        let terms = seed % 3 == 0 ? 12 : 800
        let texts = counts.map { RandomTexts($0, terms: terms, &numbers) }
        let filter = UInt32.random(in: 1...5, using: &numbers)
        let isAlive = { (place: SlotReference) in place.slot % 5 != filter }
        let parts = try texts.enumerated().map { segment, texts in
            TextSearch.Part(try texts.index()) {
                isAlive(SlotReference(segment: segment, slot: $0))
            }
        }
        // Few distinct cosines make many equal scores.
        let steps = seed % 2 == 0 ? 4.0 : 1e9
        let vectors = Cosines(
            segments: counts.map { count in
                (0..<count).map { _ in
                    (Double.random(in: -0.3...0.9, using: &numbers) * steps).rounded() / steps
                }
            },
            isAlive: isAlive, error: seed % 5 == 0 ? 0 : 0.02)
        for alpha in [0, 0.01, 0.2, 0.5, 0.9, 1] {
            for limit in [1, 10, 5000] {
                let question = RandomTexts.question(
                    (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                        Int.random(in: 0..<terms + 1, using: &numbers)
                    })
                let text = try TextSearch(parts, question)
                let found = try HybridSearch(
                    text: text, vectors: vectors, alpha: alpha, limit: limit
                ).run()
                var all = BestSlots(limit: limit)
                for place in vectors.places {
                    let part =
                        text.greatestScore == 0
                        ? 0 : try text.score(of: place) / text.greatestScore
                    if alpha == 0, part == 0 { continue }
                    let score = (1 - alpha) * part + alpha * (try vectors.cosine(of: place))
                    all.offer(.init(score: score, id: try vectors.id(of: place), place: place))
                }
                #expect(found.map(\.place) == all.entries.map(\.place))
                #expect(found.map(\.score) == all.entries.map(\.score))
            }
        }
    }
}
