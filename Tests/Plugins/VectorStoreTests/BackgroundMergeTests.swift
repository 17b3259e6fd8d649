import Glibc
import TestSupport
import Testing

@testable import VectorStore

/// Logs that are long enough for their files to be made while commits go on.
@Suite struct BackgroundMergeTests {
    /// A record that is distinguished from others by two of its words.
    private func record(_ number: Int, version: Int = 0) -> Record {
        var random = SplitMix64(seed: UInt64(number))
        let words = (0..<40).map { _ in "word\(Int.random(in: 0..<3000, using: &random))x" }
        return Record(
            id: String(number), vector: random.vector(32),
            metadata: [
                "content": words.joined(separator: " ") + " own\(number) version\(version)",
                "version": String(version),
            ])
    }

    private func expect(_ versions: [Int: Int], in store: VectorStore) throws {
        #expect(try store.collections().map(\.count) == [versions.count])
        var seen = 0
        try store.scan("c") { record throws(StoreError) in
            seen += 1
            let version = versions[Int(record.id)!]
            #expect(version.map(String.init) == record.metadata["version"], "\(record.id)")
            return true
        }
        #expect(seen == versions.count)
        for number in [0, 77, 5000, 9999] {
            let found = try store.search([Query(text: "own\(number)", limit: 2)], in: "c")[0].get()
            let version = versions[number]
            #expect(found.first?.id == (version == nil ? nil : String(number)) || version == nil)
            if let version, let first = found.first {
                #expect(first.metadata["version"] == String(version))
            }
        }
        #expect(try store.verify() == [])
    }

    @Test(arguments: [1, 2])
    func `commits that go on meanwhile are kept`(writers: Int) async throws {
        try await withTemporaryFolder { folder in
            var versions: [Int: Int] = [:]
            do {
                // Another store on the same folder is as another process.
                let stores = try (0..<writers).map { _ in try VectorStore(folder: folder) }
                let reader = try VectorStore(folder: folder)
                try await stores[0].create(collection: "c", dimension: 32)
                var random = SplitMix64(seed: 8)
                for batch in 0..<60 {
                    let store = stores[batch % writers]
                    var records = (batch * 250..<(batch + 1) * 250).map { record($0) }
                    for record in records { versions[Int(record.id)!] = 0 }
                    if batch > 0 {
                        for _ in 0..<8 {
                            let number = Int.random(in: 0..<batch * 250, using: &random)
                            records.append(record(number, version: batch))
                            versions[number] = batch
                        }
                    }
                    try await store.put(records)
                    let gone = (0..<3).map { _ in
                        Int.random(in: 0..<batch * 250 + 1, using: &random)
                    }
                    try await store.remove(gone.map(String.init))
                    for number in gone { versions[number] = nil }
                    if batch % 5 == 0 {
                        #expect(try reader.collections().map(\.count) == [versions.count])
                        let number = batch * 250 + 249
                        let found = try reader.search(
                            [Query(text: "own\(number)", limit: 1)], in: "c")[0].get()
                        #expect(found.map(\.id) == [String(number)])
                    }
                }
                try expect(versions, in: stores[0])
                try expect(versions, in: reader)
            }
            let store = try VectorStore(folder: folder)
            try expect(versions, in: store)
            try await store.compact()
            try expect(versions, in: store)
        }
    }

    @Test func `a merge whose files cannot be made is done later`() async throws {
        try await withTemporaryFolder { path in
            var versions: [Int: Int] = [:]
            let folder = Folder(path: path)
            // Nothing can be written under these names, as on a full disk.
            let names = (1..<40).map { folder.file(.index, UInt32($0)) }
            do {
                let store = try VectorStore(folder: path)
                try await store.create(collection: "c", dimension: 32)
                for name in names { #expect(mkdir(name, 0o700) == 0) }
                for batch in 0..<40 {
                    let records = (batch * 500..<(batch + 1) * 500).map { record($0) }
                    for record in records { versions[Int(record.id)!] = 0 }
                    try await store.put(records)
                }
                try expect(versions, in: store)
                #expect(try StateKeeper(folder).current()!.logSize > 2 << 20)
            }
            try expect(versions, in: try VectorStore(folder: path))
            for name in names { #expect(rmdir(name) == 0) }
            let store = try VectorStore(folder: path)
            try await store.put([record(1, version: 1)])
            versions[1] = 1
            try await store.compact()
            try expect(versions, in: store)
            #expect(try StateKeeper(folder).current()!.logSize < 2 << 20)
        }
    }

    @Test func `merged segments take the place of those that they were made of`() async throws {
        try await withTemporaryFolder { folder in
            try await {
                let store = try VectorStore(folder: folder)
                try await store.create(collection: "c", dimension: 32)
                for batch in 0..<40 {
                    try await store.put((batch * 500..<(batch + 1) * 500).map { record($0) })
                }
            }()
            // The logs are files by now, and few.
            let state = try #require(try StateKeeper(Folder(path: folder)).current())
            #expect(state.logSize < 2 << 20)
            #expect(state.collections.values.allSatisfy { $0.segments.count < 16 })
            #expect(try Folder(path: folder).files().filter { $0.kind == .log }.count == 1)
        }
    }
}
