import Foundation
import TestSupport
import Testing

@testable import VectorStore

@Suite struct UpgradeTests {
    private let records = (0..<500).map { number in
        var random = SplitMix64(seed: UInt64(number))
        return Record(
            id: "r\(number)", vector: random.vector(8), metadata: ["content": "text \(number)"])
    }

    private func withOldStore(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try writeOldStore(
                folder,
                [("c", 8, records), ("empty", 3, []), ("one", 1, [Record(id: "x", vector: [2])])])
            try await body(folder)
        }
    }

    private func check(_ store: VectorStore) throws {
        for record in [records[0], records[499]] {
            try #expect(store.get([record.id], in: "c", includesVectors: true) == [record])
            try #expect(store.find(record.vector, limit: 1).map(\.id) == [record.id])
        }
        try #expect(store.collections().map(\.name) == ["c", "empty", "one"])
        try #expect(store.collections().map(\.count) == [500, 0, 1])
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func `a search reads an old store and leaves it as it is`() async throws {
        try await withOldStore { folder in
            let before = try names(folder)
            try check(VectorStore(folder: folder))
            try #expect(names(folder) == before)
        }
    }

    @Test func `the first write converts an old store`() async throws {
        try await withOldStore { folder in
            let reports = Reports()
            let store = try VectorStore(folder: folder) { reports.add($0) }
            try check(store)
            try await store.put(records[0])
            #expect(reports.all.count == 1)
            try #expect(!names(folder).contains("data.mdb"))
            try check(store)
            try check(VectorStore(folder: folder))
            try #expect(store.verify() == [])
        }
    }

    @Test func `a conversion that was killed begins again, one that was done is kept`() async throws
    {
        try await withOldStore { folder in
            // Files of a conversion that did not come to its catalog.
            for name in ["records-000001", "index-000001", "log-000009"] {
                try Data("half".utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            try check(VectorStore(folder: folder))
            let data = try Data(contentsOf: URL(filePath: folder + "/data.mdb"))
            do {
                let store = try VectorStore(folder: folder)
                try await store.put(Record(id: "new", vector: records[3].vector))
                try #expect(store.verify() == [])
            }
            // The catalog was there, and the old file not yet removed.
            try data.write(to: URL(filePath: folder + "/data.mdb"))
            let store = try VectorStore(folder: folder)
            try #expect(store.get(["new"], in: "c")[0] != nil)
            try await store.remove(["new"])
            try #expect(!names(folder).contains("data.mdb"))
            try check(store)
        }
    }
}

private final class Reports: @unchecked Sendable {
    private let lock = NSLock()
    private var sentences: [String] = []

    var all: [String] { lock.withLock { sentences } }

    func add(_ sentence: String) { lock.withLock { sentences.append(sentence) } }
}
