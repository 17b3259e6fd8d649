import Foundation
import TestSupport
import Testing

@testable import VectorStore

@Suite struct CatalogTests {
    @Test func `collections are listed with their facts`() async throws {
        try await withTemporaryFolder { folder in
            let store = try VectorStore(folder: folder)
            try await store.create(
                collection: "notes", dimension: 3, properties: ["model": "m", "é": "ü"])
            try await store.create(collection: "no", dimension: 2)
            try await store.create(collection: "other", dimension: 2)
            _ = await store.upsert([("notes", Record(id: "a", vector: [1, 2, 3]))])
            for store in [store, try VectorStore(folder: folder)] {
                let found = try store.collections(prefix: "no")
                #expect(found.map(\.name) == ["no", "notes"])
                #expect(found.map(\.dimension) == [2, 3])
                #expect(found.map(\.count) == [0, 1])
                #expect(found.map(\.properties) == [[:], ["model": "m", "é": "ü"]])
                #expect(found[0].bytes == 0 && (40..<400).contains(found[1].bytes))
            }
            try await store.setProperties(["alpha": "0.5"], of: "notes")
            try await store.compact()
            try #expect(
                VectorStore(folder: folder).collections(prefix: "notes").map(\.properties) == [
                    ["alpha": "0.5"]
                ])
            await #expect(throws: StoreError.self) { try await store.setProperties([:], of: "x") }
        }
    }

    @Test func `records are got by their ids`() async throws {
        try await withStore { store in
            try await store.put(
                Record(id: "a", vector: [1, 2], metadata: ["k": "v"]),
                Record(id: "e\u{301}", vector: [3, 4]))
            let found = try store.get(["é", "e\u{301}", "a", "a"], in: "c", includesVectors: true)
            #expect(found.map { $0?.vector } == [nil, [3, 4], [1, 2], [1, 2]])
            try #expect(
                store.get(["a"], in: "c") == [Record(id: "a", vector: [], metadata: ["k": "v"])])
            #expect(throws: StoreError.self) { try store.get(["a"], in: "none") }
        }
    }

    @Test func `a scan is in the order of the ids' bytes`() async throws {
        try await withStore { store in
            var random = SplitMix64(seed: 8)
            let ids = (0..<900).map { "\($0 * 7)" + ["", "é", "~~~~~~~~~~~~"][$0 % 3] }
            for start in stride(from: 0, to: 900, by: 60) {
                try await store.put(
                    ids[start..<start + 60].shuffled(using: &random).map {
                        Record(
                            id: $0, vector: [1, 2], metadata: ["even": "\($0.utf8.count % 2 == 0)"])
                    })
                if start == 420 { try await store.compact() }
            }
            try await store.remove(Array(ids[..<100]))
            let sorted = ids[100...].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            func scan(after id: String = "", _ filter: Filter? = nil, limit: Int = .max) throws
                -> [String]
            {
                var found: [String] = []
                try store.scan("c", after: id, filter: filter) { record throws(StoreError) in
                    found.append(record.id)
                    return found.count < limit
                }
                return found
            }
            try #expect(scan() == sorted)
            try #expect(scan(after: sorted[20]) == Array(sorted[21...]))
            try #expect(scan(after: sorted[20] + "!", limit: 5) == Array(sorted[21..<26]))
            try #expect(
                scan(Filter(json: #"{"even": true}"#)) == sorted.filter { $0.utf8.count % 2 == 0 })
            try #expect(scan(after: "\u{10ffff}").isEmpty)
        }
    }

    @Test func `a collection is moved over another at once`() async throws {
        try await withTemporaryFolder { folder in
            let store = try VectorStore(folder: folder)
            for (name, id) in [("new", "n"), ("old", "o")] {
                try await store.create(collection: name, dimension: 1)
                _ = await store.upsert([(name, Record(id: id, vector: [1]))])
            }
            let error = await #expect(throws: StoreError.self) {
                try await store.move("new", to: "old", replaces: false)
            }
            #expect(error?.description == "there is a collection 'old' already")
            try await store.move("new", to: "old", replaces: true)
            try #expect(store.collections().map(\.name) == ["old"])
            try #expect(store.get(["n", "o"], in: "old").map { $0?.id } == ["n", nil])
            try await store.move("old", to: "third", replaces: true)
            await #expect(throws: StoreError.self) {
                try await store.move("old", to: "x", replaces: true)
            }
            try await store.compact()
            try #expect(VectorStore(folder: folder).get(["n"], in: "third")[0] != nil)
            try #expect(store.verify() == [])
        }
    }

    @Test func `reading writes nothing`() async throws {
        try await withTemporaryFolder { folder in
            do {
                let store = try VectorStore(folder: folder)
                try await store.create(collection: "c", dimension: 2)
                try await store.put((0..<3000).map { Record(id: "\($0)", vector: [1, Float($0)]) })
                try await store.put(Record(id: "last", vector: [1, 0]))
            }
            try FileManager.default.removeItem(atPath: folder + "/lock")
            let before = try facts(folder)
            let store = try VectorStore(folder: folder)
            try #expect(store.find([1, 0]).map(\.id).first == "0")
            try #expect(store.get(["5"], in: "c")[0] != nil)
            try store.scan("c") { _ throws(StoreError) in true }
            _ = try store.collections()
            try #expect(store.verify() == [])
            try #expect(facts(folder) == before)
        }
    }

    private func facts(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            let date = attributes[.modificationDate] as? Date
            return "\(name) \(attributes[.size] ?? 0) \(date?.timeIntervalSince1970 ?? 0)"
        }
    }

    @Test func `a search that is given up ends with an error`() async throws {
        try await withStore(dimension: 64) { store in
            try await store.put(
                (0..<100).map { Record(id: "\($0)", vector: [Float](repeating: 1, count: 64)) })
            let query = Query(vector: [Float](repeating: 1, count: 64), limit: 1)
            #expect(throws: StoreError.self) {
                try store.search([query], in: "c", isCancelled: { true })
            }
        }
    }
}
