import Foundation
import TestSupport
import Testing

@testable import VectorStore

/// Files that others have changed: each answer is the right one, or an error that names the file.
@Suite struct CorruptionTests {
    private static let dimension = 32

    private static func record(_ number: Int, _ version: Int = 0) -> Record {
        var random = SplitMix64(seed: UInt64(number * 1000 + version))
        return Record(
            id: "id\(number)", vector: random.vector(dimension),
            metadata: ["content": String(repeating: "text \(number) \(version) ", count: 5)])
    }

    /// Makes a store with files of each kind, and returns its records.
    private func makeStore(_ folder: String) async throws -> [String: Record] {
        let store = try VectorStore(folder: folder)
        try await store.create(collection: "c", dimension: Self.dimension)
        var records: [String: Record] = [:]
        func put(_ range: Range<Int>, _ version: Int) async throws {
            let new = range.map { Self.record($0, version) }
            try await store.put(new)
            for record in new { records[record.id] = record }
        }
        try await put(0..<1500, 0)
        try await store.compact()
        try await put(1000..<1200, 1)
        try await store.remove((0..<50).map { "id\($0)" })
        for number in 0..<50 { records["id\(number)"] = nil }
        try await put(2000..<2030, 0)
        for number in 2030..<2040 { try await put(number..<number + 1, 0) }
        return records
    }

    private enum Corruption: CaseIterable { case flip, truncate, remove, garbage }

    @Test func `no answer is wrong, whatever becomes of the files`() async throws {
        try await withTemporaryFolder { folder in
            let records = try await makeStore(folder + "/a")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/a")
                .filter { $0 != "lock" }.sorted()
            #expect(Set(names.map { $0.prefix { $0 != "-" } }).count == 5)
            var random = SplitMix64(seed: 11)
            var errors = 0
            for round in 0..<300 {
                let copy = "\(folder)/\(round)"
                try FileManager.default.copyItem(atPath: folder + "/a", toPath: copy)
                let name = names[round % names.count]
                let what = try corrupt("\(copy)/\(name)", round, &random)
                let store = try VectorStore(folder: copy)
                errors += await use(store, records, "\(name): \(what)")
                try FileManager.default.removeItem(atPath: copy)
            }
            #expect(errors > 100)
        }
    }

    private func corrupt(
        _ path: String, _ round: Int, _ random: inout SplitMix64
    ) throws -> String {
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Corruption.allCases[round % 10 < 6 ? 0 : round % 10 - 6] {
        case .flip:
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .truncate: bytes.removeSubrange(place...)
        case .remove:
            try FileManager.default.removeItem(atPath: path)
            return "removed"
        case .garbage:
            for place in place..<min(place + 100, bytes.count) {
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
        }
        try Data(bytes).write(to: URL(filePath: path))
        return "round \(round), byte \(place)"
    }

    /// Does everything with a store.
    ///
    /// - Returns: The number of errors.
    private func use(
        _ store: VectorStore, _ records: [String: Record], _ what: String
    ) async -> Int {
        var errors = 0
        func attempt(_ body: () async throws -> Void) async {
            do {
                try await body()
            } catch let error as StoreError {
                errors += 1
                #expect(error.description.contains("hector-search verify"), "\(what): \(error)")
            } catch {
                Issue.record("\(what): \(error)")
            }
        }
        let ids = records.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        func check() async {
            for id in stride(from: 0, to: ids.count, by: 7).map({ ids[$0] }) + ["id3", "id4"] {
                await attempt {
                    let found = try store.get([id], in: "c", includesVectors: true)
                    #expect(found == [records[id]], "\(what)")
                }
            }
            await attempt {
                let query = Self.record(5000).vector
                let best = records.values.sorted {
                    cosine($0.vector, query) > cosine($1.vector, query)
                }
                let found = try store.find(query, limit: 10)
                #expect(found.map(\.id) == best.prefix(10).map(\.id), "\(what)")
                for match in found {
                    #expect(match.metadata == records[match.id]?.metadata)
                    let score = cosine(records[match.id]!.vector, query)
                    #expect(abs(Double(match.score) - score) < 1e-6)
                }
            }
            await attempt {
                var found: [Record] = []
                try store.scan("c", includesVectors: true) { record throws(StoreError) in
                    found.append(record)
                    return true
                }
                #expect(found.map(\.id) == ids, "\(what)")
                #expect(found.allSatisfy { $0 == records[$0.id] }, "\(what)")
            }
        }
        await check()
        if errors > 0 {
            let found = try? store.verify()
            #expect(found?.isEmpty == false, "\(what): verify finds nothing")
        }
        await attempt { try await store.put(Self.record(1)) }
        let hasNew = await (try? store.get(["id1"], in: "c"))?[0] != nil
        if hasNew { try? await store.remove(["id1"]) }
        await check()
        return errors
    }

    @Test func `verify names the record that is damaged`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await makeStore(folder)
            let store = try VectorStore(folder: folder)
            try #expect(store.verify() == [])
            let state = try #require(try store.snapshots.keeper.current())
            let collection = try state.collection("c")
            let part = collection.segments[0]
            let slot = try #require(try part.slot(of: Array("id700".utf8), hash("id700")))
            let place = try part.segment.place(of: slot)
            let path = Folder(path: folder).file(.records, place.file)
            var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            bytes[Int(place.offset) + 60] ^= 1
            try Data(bytes).write(to: URL(filePath: path))
            let found = try VectorStore(folder: folder).verify()
            #expect(found.map(\.path) == [path])
            #expect(found.map(\.place) == [Int(place.offset)])
            #expect(found.map(\.affected) == ["record 'id700' of collection 'c'"])
        }
    }

    private func hash(_ id: String) -> UInt64 { BorrowedBytes.with(Array(id.utf8)) { $0.hash() } }

    @Test func `a commit that was cut short does not count`() async throws {
        try await withTemporaryFolder { folder in
            let records = try await makeStore(folder)
            let state = try StateKeeper(Folder(path: folder)).current()
            let log = try #require(state?.log?.file.path)
            let whole = try Data(contentsOf: URL(filePath: log))
            // A frame that claims more than there is.
            try (whole + Data([200, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0] + [7, 7, 7]))
                .write(to: URL(filePath: log))
            let store = try VectorStore(folder: folder)
            try #expect(store.collections().map(\.count) == [records.count])
            try await store.put(Record(id: "after", vector: Self.record(1).vector))
            try #expect(store.collections().map(\.count) == [records.count + 1])
            try #expect(VectorStore(folder: folder).get(["after"], in: "c")[0] != nil)
            try #expect(store.verify() == [])
        }
    }
}
