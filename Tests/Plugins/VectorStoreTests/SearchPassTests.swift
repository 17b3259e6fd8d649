import TestSupport
import Testing
import TextAnalysis

@testable import VectorStore

@Suite struct SearchPassTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `the best are among the candidates`(seed: UInt64) throws {
        var numbers = Numbers(seed)
        let counts = [[9000, 70], [300, 0, 1, 900], [5, 2], [0], [4096, 4097]][Int(seed % 5)]
        let terms = seed % 3 == 0 ? 12 : 800
        let filter = seed % 2 == 0 ? nil : UInt32.random(in: 2...40, using: &numbers)
        let segments = try counts.map { count in
            try RandomSegment(count, terms: terms, steps: seed % 4 == 0 ? 2 : 1e6, &numbers)
        }
        for alpha in [0, 1e-40, 1e-5, 0.01, 0.2, 0.5, 0.9, 1] {
            let question = RandomTexts.question(
                (0..<Int.random(in: 1...12, using: &numbers)).map { _ in
                    Int.random(in: 0..<terms + 1, using: &numbers)
                })
            let vector = (0..<4).map { _ in Float.random(in: -1...1, using: &numbers) }
            let search = try Oracle(
                segments, question, vector, alpha: alpha, filter: filter, gathers: seed % 4 == 1)
            for limit in [1, 10, 5000] {
                let found = try search.candidates(limit)
                #expect(Set(found.map(\.place)).count == found.count)
                #expect(found.map(\.upper) == found.map(\.upper).sorted(by: >))
                var best = BestSlots(limit: limit)
                for candidate in found {
                    let score = try search.score(candidate.place)
                    #expect(candidate.upper > score - 1e-9)
                    best.offer(search.entry(candidate.place, score))
                }
                let expected = try search.best(limit)
                #expect(best.entries.map(\.place) == expected.map(\.place))
                #expect(best.entries.map(\.score) == expected.map(\.score))
            }
        }
    }

    @Test func `few records of many are candidates`() throws {
        var numbers = Numbers(7)
        let segment = try RandomSegment(20_000, terms: 3000, steps: 1e6, &numbers)
        for alpha in [0, 0.05, 0.5, 1] {
            let search = try Oracle(
                [segment], RandomTexts.question([5, 90, 700, 2000]), [1, 0, 0.5, -1], alpha: alpha,
                filter: nil)
            #expect(try search.candidates(10).count < 400)
        }
    }

    @Test func `a search that is given up ends`() throws {
        var numbers = Numbers(1)
        let segment = try RandomSegment(300, terms: 9, steps: 1, &numbers)
        let search = try Oracle(
            [segment], RandomTexts.question([1]), [1, 0, 0, 0], alpha: 0.5, filter: nil)
        #expect(throws: StoreError.self) {
            try search.pass(10).run(isCancelled: { true })
        }
    }
}

/// Random texts and vectors, some of whose slots are dead.
private struct RandomSegment {
    let vectors: [[Float]]
    let part: LiveSegment

    /// - Parameter steps: Few make many equal cosines.
    init(_ count: Int, terms: Int, steps: Float, _ numbers: inout Numbers) throws {
        var random = numbers
        vectors = (0..<count).map { _ in
            (0..<4).map { _ in (Float.random(in: -1...1, using: &random) * steps).rounded() / steps
            }
        }
        let texts = RandomTexts(count, terms: terms, &random)
        let segment = try Segment.inMemory(texts, vectors)
        var dead = SlotSet(universe: count)
        for slot in 0..<count where Int.random(in: 0..<6, using: &random) == 0 {
            dead.insert(UInt32(slot))
        }
        part = LiveSegment(segment, dead: dead)
        numbers = random
    }
}

/// A search, and the scores of all records.
private struct Oracle {
    let segments: [RandomSegment]
    let text: TextSearch
    let vector: [Float]
    let alpha: Double
    /// Slots that are a multiple of it pass.
    let filter: UInt32?
    /// True to search copies of the codes of these.
    let gathers: Bool

    init(
        _ segments: [RandomSegment], _ question: [QuestionWord], _ vector: [Float], alpha: Double,
        filter: UInt32?, gathers: Bool = false
    ) throws {
        self.gathers = gathers
        self.segments = segments
        self.vector = vector
        self.alpha = alpha
        self.filter = filter
        text = try TextSearch(
            segments.map { .init(try $0.part.segment.text.index(), dead: $0.part.dead) }, question)
    }

    func score(_ place: SlotReference) throws -> Double {
        let own = segments[place.segment].vectors[Int(place.slot)]
        let isZero = own.allSatisfy { $0 == 0 }
        let part = text.greatestScore == 0 ? 0 : try text.score(of: place) / text.greatestScore
        return (1 - alpha) * part + alpha * (isZero ? 0 : cosine(own, vector))
    }

    func entry(_ place: SlotReference, _ score: Double) -> BestSlots.Entry {
        // The order of ids is not that of slots.
        let id = "\(place.slot &* 2_654_435_761 % 1009) \(place.segment) \(place.slot)"
        return .init(score: score, id: Array(id.utf8), place: place)
    }

    private func passes(_ slot: UInt32) -> Bool { filter.map { slot % $0 == 0 } ?? true }

    /// Scores everything.
    func best(_ limit: Int) throws -> [BestSlots.Entry] {
        var best = BestSlots(limit: limit)
        for (segment, part) in segments.enumerated() {
            for slot in 0..<UInt32(part.vectors.count) {
                if part.part.dead.contains(slot) || !passes(slot) { continue }
                let place = SlotReference(segment: segment, slot: slot)
                if alpha == 0, try text.score(of: place) == 0 { continue }
                best.offer(entry(place, try score(place)))
            }
        }
        return best.entries
    }

    func pass(_ limit: Int) throws -> SearchPass {
        let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        let passing = segments.map { segment -> PassingSlots? in
            guard filter != nil else { return nil }
            let count = segment.vectors.count
            var certain = SlotSet(universe: count)
            for slot in 0..<UInt32(count) where passes(slot) && slot % 3 > 0 {
                certain.insert(slot)
            }
            if !gathers { return PassingSlots(certain: certain, possible: .all(count)) }
            var possible = SlotSet(universe: count)
            for slot in 0..<UInt32(count) where passes(slot) || slot % 11 == 0 {
                possible.insert(slot)
            }
            return PassingSlots(certain: certain, possible: possible)
        }
        let gathered = try zip(segments, passing).map { segment, passing in
            try passing.flatMap {
                try GatheredCodes($0.possible, of: segment.part.segment, room: .max)
            }
        }
        let query = PassQuery(
            text: alpha < 1 && text.greatestScore > 0 ? text : nil,
            codes: alpha > 0 ? Codes(vector, length: length) : nil, alpha: alpha,
            textWeight: alpha < 1 && text.greatestScore > 0 ? (1 - alpha) / text.greatestScore : 0,
            limit: limit, passing: passing, gathered: gathered,
            finds: alpha > 0 || text.greatestScore > 0
        ) { [filter] place in
            filter.map { place.slot % $0 == 0 } ?? true
        }
        return try SearchPass([query], segments.map(\.part), CodeLayout(dimension: 4))
    }

    func candidates(_ limit: Int) throws -> [Candidate] {
        try pass(limit).run(isCancelled: { false })[0]
    }
}
