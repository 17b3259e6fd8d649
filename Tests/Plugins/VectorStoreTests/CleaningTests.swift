import Foundation
import TestSupport
import Testing

@testable import VectorStore

@Suite struct CleaningTests {
    @Test(arguments: [384, 1024]) func `the files stay near the size of what is in them`(
        dimension: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            let text = String(repeating: "some text ", count: 40)
            let count = 6000
            // Vectors, their codes, and texts.
            let needed = count * (dimension * 5 + 8 + text.utf8.count)
            let store = try VectorStore(folder: folder)
            try await store.create(collection: "c", dimension: dimension)
            var random = SplitMix64(seed: 2)
            func put(_ ids: [Int]) async throws {
                for start in stride(from: 0, to: ids.count, by: 256) {
                    try await store.put(
                        ids[start..<min(start + 256, ids.count)].map {
                            Record(
                                id: "\($0)", vector: random.vector(dimension),
                                metadata: ["content": text])
                        })
                }
            }
            try await put(Array(0..<count))
            #expect(fileSize(folder) < needed * 13 / 10)
            try await put(Array(stride(from: 0, to: count, by: 2)))
            // Segments may just be merged beside the writing, and are there twice then.
            #expect(fileSize(folder) < needed * 3 / 2)
            var ids = Array(0..<count)
            ids.shuffle(using: &random)
            try await put(Array(ids.prefix(count / 2)))
            #expect(fileSize(folder) < needed * 3 / 2)
            try await store.compact()
            #expect(fileSize(folder) < needed * 11 / 10)
            try #expect(store.collections().map(\.count) == [count])
            try #expect(store.verify() == [])
        }
    }

    @Test func `large segments are searched, merged and cleaned`() async throws {
        var random = SplitMix64(seed: 6)
        let dimension = 256
        try await withTemporaryFolder { folder in
            let store = try VectorStore(folder: folder)
            try await store.create(collection: "c", dimension: dimension)
            var vectors = (0..<40_000).map { _ in random.vector(dimension) }
            func put(_ ids: [Int]) async throws {
                try await store.put(
                    ids.map { Record(id: String($0), vector: vectors[$0]) })
            }
            for start in stride(from: 0, to: 40_000, by: 4000) {
                try await put(Array(start..<start + 4000))
            }
            func check() throws {
                let query = random.vector(dimension)
                let best = vectors.indices.map { (cosine(vectors[$0], query), $0) }
                    .sorted { $0.0 > $1.0 }.prefix(5).map { String($0.1) }
                try #expect(store.find(query, limit: 5).map(\.id) == best)
                try #expect(VectorStore(folder: folder).find(query, limit: 5).map(\.id) == best)
            }
            try check()
            try await store.compact()
            try check()
            for place in stride(from: 0, to: 40_000, by: 3) {
                vectors[place] = random.vector(dimension)
            }
            try await put(Array(stride(from: 0, to: 40_000, by: 3)))
            try check()
            try #expect(store.verify() == [])
        }
    }
}
