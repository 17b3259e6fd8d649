import Configuration
import Foundation
import Testing

@testable import Indexing

@Suite struct StateTests {
    @Test(arguments: [
        Entry(),
        Entry(
            size: 1 << 40, modified: 1_700_000_000_123_456_789, digest: "ab", chunks: 3,
            possible: 5, isDirty: true, skipped: .notText),
    ])
    func `an entry reads back as it was written`(entry: Entry) {
        #expect(Entry(entry.bytes) == entry)
        #expect(Entry(entry.bytes.dropLast(entry.bytes.count - 20).map { $0 }) == nil)
    }

    @Test func `names of any length are kept apart`() throws {
        let folder = NSTemporaryDirectory() + "hi-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = try State(folder: folder)
        let long = String(repeating: "ü/", count: 1000)
        let names = ["a", "a/b", long + "1", long + "2", String(repeating: "x", count: 500)]
        try state.commit(
            names.enumerated().map { ($1, Entry(size: $0, digest: "d")) })
        var sizes: [Int?] = []
        let count = try state.lookUp(names + ["none"]) { sizes.append($0?.size) }
        #expect(count == 5 && sizes == [0, 1, 2, 3, 4, nil])
        var found: Set<String> = []
        try state.forEach { name, _ in found.insert(name) }
        #expect(found == Set(names))
        try state.commit([(long + "1", nil)])
        #expect(try state.entry(long + "1") == nil)
        #expect(try state.entry(long + "2")?.size == 3)
    }

    @Test func `a swap is all or nothing`() throws {
        let folder = NSTemporaryDirectory() + "hi-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let making = Making(
            fingerprint: "f", model: "m", dimension: 4,
            chunk: DocumentStore.Chunk(size: 10, overlap: 1), extractors: "")
        do {
            let state = try State(folder: folder)
            try state.commit([("old", Entry(digest: "o"))])
            try state.beginSwap(to: making, "s", [("new", Entry(digest: "n", chunks: 2))])
        }
        let state = try State(folder: folder)
        #expect(try state.making?.isSwapping == true)
        #expect(try state.entry("old") != nil && state.entry("new") == nil)
        try state.endSwap(making, state.swapped())
        #expect(try state.making == making)
        #expect(try state.entry("old") == nil)
        #expect(try state.entry("new") == Entry(digest: "n", chunks: 2))
        #expect(try state.swapped().isEmpty)
    }

    @Test func `after a swap that is given up nothing is known for sure`() throws {
        let folder = NSTemporaryDirectory() + "hi-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let making = Making(
            fingerprint: "f", model: "m", dimension: 4,
            chunk: DocumentStore.Chunk(size: 10, overlap: 1), extractors: "")
        let state = try State(folder: folder)
        try state.commit([
            ("old", Entry(digest: "o", chunks: 1, possible: 3)), ("both", Entry(chunks: 5)),
        ])
        try state.beginSwap(
            to: making, "s",
            [("both", Entry(digest: "b", chunks: 2)), ("new", Entry(digest: "n", chunks: 2))])
        try state.giveUpSwap()
        #expect(try state.making == making)
        #expect(try state.swapped().isEmpty)
        for (name, possible) in [("old", 3), ("both", 5), ("new", 2)] {
            #expect(try state.entry(name) == Entry(possible: possible, isDirty: true))
        }
    }

    @Test(arguments: [
        (#","place":"","origin":"files""#, Making.Origin.files), (#","place":"""#, .records),
        (#","place":"/docs""#, .files), ("", nil),
    ])
    func `an old state says by the place what kind its documents are`(
        members: String, origin: Making.Origin?
    ) {
        let json =
            #"{"fingerprint":"","model":"","dimension":1,"size":9,"overlap":1,"extractors":"""#
            + members + "}"
        #expect(Making(json: Array(json.utf8))?.origin == origin)
    }

    @Test func `what a collection was made with is compared`() {
        var old = Making(
            fingerprint: "f", model: "m", dimension: 4,
            chunk: DocumentStore.Chunk(size: 10, overlap: 1), extractors: "")
        var new = old
        new.fingerprint = "g"
        new.extractors = "e"
        #expect(old.difference(to: new) == nil)
        new.dimension = 0
        #expect(old.difference(to: new) == nil)
        new.dimension = 5
        #expect(old.difference(to: new) == "vectors of 4 numbers, not 5")
        new.database = "d"
        #expect(old.difference(to: new) == "vectors of 4 numbers, not 5")
        new.model = "n"
        #expect(old.difference(to: new) == "the model 'm', not 'n'")
        new.chunk = DocumentStore.Chunk(size: 9, overlap: 1)
        #expect(
            old.difference(to: new) == "chunks of 10 characters with an overlap of 1, not 9 and 1")
        new.origin = .records
        #expect(Making(json: new.json) == new)
        old.database = "e"
        old.chunk = new.chunk
        #expect(old.difference(to: new) == "other settings of the database")
    }
}
