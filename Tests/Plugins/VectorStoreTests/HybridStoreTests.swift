import TestSupport
import Testing
import TextAnalysis

@testable import VectorStore

@Suite struct HybridStoreTests {
    private func record(_ id: String, _ content: String, _ vector: [Float] = [1, 0]) -> Record {
        Record(id: id, vector: vector, metadata: ["content": content])
    }

    private func find(_ store: VectorStore, _ query: Query) throws -> [Match] {
        try store.search([query], in: "c")[0].get()
    }

    @Test func `a text finds its words from the moment of the upsert`() async throws {
        try await withStore { store in
            try await store.put(
                record("a", "Rotate the keys"), record("b", "Restart the server", [0, 1]))
            let found = try find(store, Query(text: "rotating a key", limit: 5))
            #expect(found.map(\.id) == ["a"])
            #expect(found[0].vectorScore == nil)
            #expect(found[0].score == found[0].textScore)
            try await store.put(record("a", "Gone"))
            #expect(try find(store, Query(text: "rotating a key", limit: 5)).isEmpty)
            try await store.remove(["b"])
            #expect(try find(store, Query(text: "server", limit: 5)).isEmpty)
        }
    }

    @Test func `what has neither a word nor a likeness is not found`() async throws {
        try await withStore { store in
            try await store.put(
                record("word", "Rotate the keys"), record("like", "Deep sea", [1, 1]),
                record("less", "Deep sea", [1, -1]), record("none", "Deep sea"))
            let query = Query(vector: [0, 1], text: "key", alpha: 0.5, limit: 5)
            try #expect(find(store, query).map(\.id) == ["like", "word", "less"])
            let unknown = Query(vector: [0, 1], text: "kettle", alpha: 0.5, limit: 5)
            try #expect(find(store, unknown).map(\.id) == ["like", "less"])
            // By the vector alone, all are neighbours.
            try #expect(store.find([0, 1]).count == 4)
        }
    }

    @Test func `scores are those of a fresh collection, whatever was there before`() async throws {
        var random = SplitMix64(seed: 15)
        let words = (0..<40).map { "word\($0)" }
        func text() -> String {
            (0..<Int.random(in: 1...20, using: &random)).map { _ in
                words[
                    min(
                        Int.random(in: 0..<40, using: &random),
                        Int.random(in: 0..<40, using: &random))]
            }.joined(separator: " ")
        }
        try await withStore { store in
            var kept: [String: Record] = [:]
            for _ in 0..<30 {
                let records = (0..<20).map { _ in
                    record("\(Int.random(in: 0..<200, using: &random))", text())
                }
                for record in records { kept[record.id] = record }
                try await store.put(records)
                let gone = kept.keys.sorted().filter { _ in
                    Int.random(in: 0..<10, using: &random) == 0
                }
                for id in gone { kept[id] = nil }
                try await store.remove(gone)
            }
            try await withStore { fresh in
                try await fresh.put(kept.values.sorted { $0.id < $1.id })
                for _ in 0..<50 {
                    let question = text()
                    for alpha in [0, 0.3] {
                        let query = Query(
                            vector: [1, 0], text: question, alpha: alpha, limit: 10, explains: true)
                        try #expect(find(store, query) == find(fresh, query))
                    }
                }
            }
        }
    }

    @Test func `a text and a vector are ranked together`() async throws {
        try await withStore { store in
            try await store.put(
                record("words", "certificate renewal", [0, 1]), record("vector", "other", [1, 0]),
                record("both", "certificate", [1, 0.2]))
            let query = Query(vector: [1, 0], text: "certificate", alpha: 0.5, limit: 5)
            let found = try find(store, query)
            #expect(found.map(\.id) == ["both", "vector", "words"])
            for match in found {
                let text = try #require(match.textScore)
                let cosine = try #require(match.vectorScore)
                #expect(abs(match.score - (0.5 * text + 0.5 * cosine)) < 1e-6)
            }
            #expect(found[1].textScore == 0)
            let vector = try find(store, Query(vector: [1, 0], limit: 1))
            #expect(vector.map(\.id) == ["vector"])
            #expect(vector[0].textScore == nil)
        }
    }

    @Test func `titles, headings and quoted texts have words too`() async throws {
        try await withStore { store in
            try await store.put(
                Record(
                    id: "a", vector: [1, 0],
                    metadata: [
                        "content": "\"12\"", "title": "Backups", "headings": "[\"Nightly\"]",
                    ]))
            for word in ["backup", "nightly", "12"] {
                #expect(try find(store, Query(text: word, limit: 1)).count == 1)
            }
        }
    }

    @Test func `an explanation has the words of the match`() async throws {
        try await withStore { store in
            try await store.put(record("a", "keys"), record("b", "locks"))
            let query = Query(text: "keys", limit: 1, explains: true)
            let match = try find(store, query)[0]
            #expect(match.terms.first?.term.spelling == "key")
            #expect(match.terms.first?.documents == 1)
        }
    }

    @Test func `a collection has a language`() async throws {
        try await withTemporaryFolder { folder in
            let store = try VectorStore(folder: folder)
            try await store.create(
                collection: "c", dimension: 2, properties: ["language": "german"])
            try await store.put(record("a", "die Häuser"))
            #expect(try find(store, Query(text: "Häusern", limit: 1)).count == 1)
            await #expect(throws: StoreError.self) {
                try await store.setProperties(["language": "french"], of: "c")
            }
            await #expect(throws: StoreError.self) {
                try await store.create(
                    collection: "d", dimension: 2, properties: ["language": "klingon"])
            }
        }
    }

    @Test func `a wrong weight is refused`() async throws {
        try await withStore { store in
            #expect(throws: StoreError.self) {
                _ = try find(store, Query(vector: [1, 0], text: "a", alpha: 2, limit: 1))
            }
        }
    }

    /// The answer of scoring everything, from the store's own scores of single records.
    @Test(arguments: 0..<3 as Range<UInt64>)
    func `a filled store ranks as scoring everything does`(seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            var numbers = Numbers(seed)
            let words = (0..<60).map { "word\($0)x" }
            let store = try VectorStore(folder: folder)
            try await store.create(collection: "c", dimension: 8)
            for round in 0..<30 {
                var records: [Record] = []
                for _ in 0..<40 {
                    let id = "\(Int.random(in: 0..<700, using: &numbers))"
                    let text = (0..<Int.random(in: 1...12, using: &numbers)).map { _ in
                        words[Int.random(in: 0..<60, using: &numbers)]
                    }.joined(separator: " ")
                    let vector = (0..<8).map { _ in Float.random(in: -1...1, using: &numbers) }
                    records.append(
                        Record(
                            id: id, vector: vector,
                            metadata: ["content": text, "part": "\(round % 4)"]))
                }
                try await store.put(records)
                let gone = (0..<5).map { _ in "\(Int.random(in: 0..<700, using: &numbers))" }
                try await store.remove(gone)
                if round == 20, seed == 1 { try await store.compact() }
            }
            let vector = (0..<8).map { _ in Float.random(in: -1...1, using: &numbers) }
            for filter in [nil, #"{"part": 2}"#] {
                for alpha in [0.1, 0.5, 0.9] {
                    func matches(_ limit: Int) throws -> [Match] {
                        let query = try Query(
                            vector: vector, text: "word1x word2x wrod7x", alpha: alpha,
                            limit: limit, filter: filter.map { try CachedFilter(json: $0) })
                        return try find(store, query)
                    }
                    let all = try matches(5000)
                    let scores = all.map(\.score)
                    #expect(scores == scores.sorted(by: >))
                    #expect(Set(all.map(\.id)).count == all.count)
                    for match in all {
                        let sum =
                            (1 - alpha) * Double(try #require(match.textScore)) + alpha
                            * Double(try #require(match.vectorScore))
                        #expect(abs(sum - Double(match.score)) < 1e-6)
                    }
                    let nearest = try store.find(vector, limit: 5000, filter: filter)
                    #expect(Set(all.map(\.id)) == Set(nearest.map(\.id)))
                    for limit in [1, 10, 50] {
                        #expect(try matches(limit) == Array(all.prefix(limit)))
                    }
                }
            }
            let reopened = try VectorStore(folder: folder)
            let query = Query(vector: vector, text: "word1x", limit: 20)
            #expect(try find(reopened, query) == find(store, query))
        }
    }
}
