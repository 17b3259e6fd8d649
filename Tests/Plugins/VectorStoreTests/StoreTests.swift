import Foundation
import LMDB
import TestSupport
import Testing

@testable import VectorStore

@Suite struct StoreTests {
    @Test func `what was stored is there after opening again`() async throws {
        try await withTemporaryFolder { folder in
            let metadata = ["content": "text", "path": "a/b", "n": "5", "empty": ""]
            do {
                let store = try VectorStore(folder: folder)
                try await store.create(collection: "c", dimension: 2)
                try await store.put(Record(id: "a", vector: [3, 4], metadata: metadata))
            }
            let found = try VectorStore(folder: folder).find([3, 4], vectors: true)
            #expect(
                found == [
                    Match(
                        id: "a", score: 1, vectorScore: 1, textScore: nil, alpha: nil, terms: [],
                        metadata: metadata, vector: [3, 4])
                ])
        }
    }

    @Test func `the folder is made for its owner only`() async throws {
        try await withTemporaryFolder { folder in
            let store = try VectorStore(folder: folder + "/a/b")
            try #expect(store.collections().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: folder + "/a"))
            try await store.create(collection: "c", dimension: 2)
            for (path, mode) in [("/a", 0o700), ("/a/b", 0o700), ("/a/b/catalog", 0o600)] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder + path)
                #expect(attributes[.posixPermissions] as? Int == mode)
            }
        }
    }

    @Test func `an upsert replaces the record with its id`() async throws {
        try await withStore { store in
            try await store.put(Record(id: "a", vector: [1, 0], metadata: ["v": "1", "old": "x"]))
            try await store.put(Record(id: "a", vector: [0, 1], metadata: ["v": "2"]))
            try await store.put(Record(id: "a", vector: [0, 1], metadata: ["v": "3"]))
            let found = try store.find([0, 1])
            #expect(found.map(\.metadata) == [["v": "3"]])
            #expect(found.map(\.score) == [1])
        }
    }

    @Test func `the last of one batch wins`() async throws {
        try await withStore { store in
            try await store.put(
                Record(id: "a", vector: [1, 0]), Record(id: "a", vector: [0, 1]))
            try #expect(store.find([0, 1]).map(\.score) == [1])
        }
    }

    @Test func `deleted records are gone and their room is used again`() async throws {
        try await withStore { store in
            let ids = (0..<1000).map(String.init)
            for round in 0..<5 {
                try await store.put(ids.map { Record(id: $0, vector: [1, Float(round)]) })
                try await store.remove(Array(ids[..<999]))
                try #expect(store.find([1, 1]).map(\.id) == ["999"])
            }
            try await store.remove(["999", "999", "never there"])
            try #expect(store.find([1, 1]).isEmpty)
            try await store.put(Record(id: "again", vector: [1, 0]))
            try #expect(store.find([1, 0]).map(\.score) == [1])
        }
    }

    @Test func `nothing is left of what was deleted`() async throws {
        try await withTemporaryFolder { folder in
            do {
                let store = try VectorStore(folder: folder)
                try await store.create(collection: "c", dimension: 2)
                let ids = (0..<5000).map(String.init)
                try await store.put(ids.map { Record(id: $0, vector: [1, 2]) })
                try await store.remove(ids)
            }
            let store = try VectorStore(folder: folder)
            try await store.compact()
            #expect(fileSize(folder) < 10_000)
        }
    }

    @Test func `writing the same ids for ever does not grow the file`() async throws {
        try await withTemporaryFolder { folder in
            let store = try VectorStore(folder: folder)
            try await store.create(collection: "c", dimension: 64)
            var random = SplitMix64(seed: 3)
            var sizes: [Int] = []
            for _ in 0..<120 {
                for start in [0, 100, 200] {
                    try await store.put(
                        (start..<start + 100).shuffled(using: &random).map {
                            Record(id: String($0), vector: random.vector(64))
                        })
                }
                // A commit waits until the files are in order after the one before.
                for _ in 0..<2 { try await store.remove(["none"]) }
                sizes.append(fileSize(folder))
            }
            // Room is given back beside the writing, so the size goes up and down. Without that it
            // would be three times as large.
            #expect(sizes[40...].max()! <= sizes[..<40].max()! * 3 / 2)
            try #expect(store.find(random.vector(64), limit: 1000).count == 300)
        }
    }

    @Test func `bad records of a batch do not keep the good ones out`() async throws {
        try await withStore { store in
            let errors = await store.upsert([
                ("c", Record(id: "good", vector: [1, 0])),
                ("c", Record(id: "", vector: [1, 0])),
                ("c", Record(id: "long", vector: [1, 0, 0])),
                ("none", Record(id: "lost", vector: [1, 0])),
                ("c", Record(id: "none", vector: [])),
                ("c", Record(id: "nan", vector: [0, .nan])),
                ("c", Record(id: "inf", vector: [-.infinity, 0])),
                ("c", Record(id: String(repeating: "x", count: 508), vector: [1, 0])),
                ("c", Record(id: String(repeating: "x", count: 507), vector: [0, 1])),
            ])
            #expect(
                errors.map { $0?.description } == [
                    nil, "the record has an empty id",
                    "the vector has 3 components, but collection 'c' has dimension 2",
                    "there is no collection 'none': hector index makes that of a document store, "
                        + "hector-search upsert --create any",
                    "the vector has no components",
                    "component 1 of the vector is nan, not a number",
                    "component 0 of the vector is -inf, not a number",
                    "the id has 508 bytes: the longest may have 507", nil,
                ])
            try #expect(store.find([1, 0]).map(\.id.count) == [4, 507])
        }
    }

    @Test func `a bad query is refused without the others`() async throws {
        try await withStore { store in
            try await store.put(Record(id: "a", vector: [1, 0]))
            let answers = try store.search(
                [
                    Query(vector: [1], limit: 1), Query(vector: [1, 0], limit: 0),
                    Query(vector: [1, 0], limit: 1), Query(vector: [.nan, 0], limit: 1),
                ], in: "c")
            #expect(
                answers.map { answer in
                    switch answer {
                    case .success(let matches): "\(matches.count)"
                    case .failure(let error): error.description
                    }
                } == [
                    "the query has 1 components, but collection 'c' has dimension 2",
                    "the number of results must be at least 1, not 0", "1",
                    "component 0 of the query is nan, not a number",
                ])
        }
    }

    @Test func `a collection keeps its dimension`() async throws {
        try await withStore(dimension: 3) { store in
            try await store.create(collection: "c", dimension: 3)
            let error = await #expect(throws: StoreError.self) {
                try await store.create(collection: "c", dimension: 4)
            }
            #expect(error?.description == "collection 'c' exists with dimension 3, not 4")
            for dimension in [0, -1, 65_537] {
                await #expect(throws: StoreError.self) {
                    try await store.create(collection: "d", dimension: dimension)
                }
            }
        }
    }

    @Test func `dropping a collection leaves the others`() async throws {
        try await withStore { store in
            try await store.create(collection: "other", dimension: 3)
            _ = await store.upsert([("other", Record(id: "o", vector: [1, 0, 0]))])
            try await store.put((0..<300).map { Record(id: String($0), vector: [1, 0]) })
            try await store.drop(collection: "c")
            let error = await #expect(throws: StoreError.self) {
                try await store.drop(collection: "c")
            }
            #expect(error?.description == "there is no collection 'c'")
            #expect(throws: StoreError.self) { try store.find([1, 0]) }
            let query = Query(vector: [1, 0, 0], limit: 5)
            try #expect(store.search([query], in: "other")[0].get().map(\.id) == ["o"])
            try await store.create(collection: "c", dimension: 1)
            try #expect(store.find([1]).isEmpty)
        }
    }

    @Test func `many writers at once are all acknowledged`() async throws {
        try await withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        try await store.put(Record(id: String(number), vector: [1, Float(number)]))
                    }
                }
                try await group.waitForAll()
            }
            try #expect(store.find([1, 0], limit: 1000).count == 400)
        }
    }

    @Test func `a file of a newer format is refused`() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            do {
                let environment = try Environment(folder: folder, databases: 1)
                try environment.withWrite {
                    let table = try environment.database("store", in: $0)
                    try $0.put(Array("format".utf8), [2, 0, 0, 0], in: table)
                }
            }
            let error = #expect(throws: StoreError.self) { _ = try VectorStore(folder: folder) }
            #expect(
                error?.description
                    == "cannot use '\(folder)/data.mdb': it has format 2, and this version of "
                    + "Hector reads format 1: use the version that wrote it, or another 'path'")
        }
    }

    @Test func `another program's LMDB file is refused`() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            do {
                let environment = try Environment(folder: folder, databases: 1)
                try environment.withWrite { _ = try environment.database("mail", in: $0) }
            }
            let error = #expect(throws: StoreError.self) { _ = try VectorStore(folder: folder) }
            #expect(
                error?.description
                    == "cannot use '\(folder)/data.mdb': "
                    + "it is an LMDB file, but not one of local-vectors")
        }
    }

    @Test func `garbage is refused`() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data(repeating: 0x41, count: 9000).write(to: URL(filePath: folder + "/data.mdb"))
            let error = #expect(throws: StoreError.self) { _ = try VectorStore(folder: folder) }
            #expect(
                error?.description == "cannot open '\(folder)/data.mdb': it is not an LMDB file")
        }
    }

    @Test func `a path that cannot be is named`() {
        let error = #expect(throws: StoreError.self) { _ = try VectorStore(folder: "/dev/null/x") }
        #expect(error?.description == "cannot create '/dev/null/x': Not a directory")
    }
}
