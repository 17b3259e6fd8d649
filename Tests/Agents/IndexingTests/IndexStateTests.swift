import Configuration
import Documents
import FilterKit
import Foundation
import LMDB
import TestSupport
import Testing

@testable import Indexing

@Suite struct IndexStateTests {
    private static func version(
        size: Int = 0, modified: Int? = nil, digest: String = "d",
        content: DocumentEntry.Content = .records(0)
    ) -> DocumentEntry.Version {
        DocumentEntry.Version(size: size, modified: modified, digest: digest, content: content)
    }

    @Test(arguments: [
        DocumentEntry(.unacknowledged, possible: 7),
        DocumentEntry(version(content: .records(3))),
        DocumentEntry(.stored(version(content: .skipped(.damaged))), possible: 2),
        DocumentEntry(
            .doubtful(
                version(
                    size: 1 << 40, modified: 1_700_000_000_123_456_789, digest: "ab",
                    content: .records(3))),
            possible: 5),
    ])
    func `an entry reads back as it was written`(entry: DocumentEntry) {
        #expect(DocumentEntry(entry.bytes) == entry)
        #expect(DocumentEntry(Array(entry.bytes.prefix(20))) == nil)
        #expect(DocumentEntry([9] + entry.bytes.dropFirst()) == nil)
    }

    @Test func `an entry is doubted with all records that may be there`() {
        let stored = DocumentEntry(Self.version(content: .records(3)))
        #expect(stored.doubted().possible == 3 && stored.doubted(possible: 5).possible == 5)
        #expect(stored.doubted().version == stored.version && stored.doubted() != stored)
        let new = DocumentEntry(.unacknowledged, possible: 0)
        #expect(new.doubted(possible: 2) == DocumentEntry(.unacknowledged, possible: 2))
        #expect(new.doubted(possible: 2).hasSurplus && !new.hasSurplus && !stored.hasSurplus)
    }

    @Test func `a state of another format is refused with advice`() throws {
        try withTemporaryFolder { folder in
            do {
                let environment = try Environment(folder: folder, databases: 3)
                try environment.withWrite { transaction in
                    _ = try environment.database("files", in: transaction)
                }
            }
            let failure = #expect(throws: Failure.self) { try IndexState(folder: folder) }
            #expect(failure?.message.contains("move it away and use --rebuild") == true)
        }
    }

    @Test func `names of any length are kept apart`() throws {
        try withTemporaryFolder { folder in
            let state = try IndexState(folder: folder)
            let long = String(repeating: "ü/", count: 1000)
            let names = ["a", "a/b", long + "1", long + "2", String(repeating: "x", count: 500)]
            try state.commit(
                names.enumerated().map { ($1, DocumentEntry(Self.version(size: $0))) })
            var sizes: [Int?] = []
            let count = try state.lookUp(names + ["none"]) { sizes.append($0?.version?.size) }
            #expect(count == 5 && sizes == [0, 1, 2, 3, 4, nil])
            var found: Set<String> = []
            try state.forEach { name, _ in found.insert(name) }
            #expect(found == Set(names))
            try state.commit([(long + "1", nil)])
            #expect(try state.entry(long + "1") == nil)
            #expect(try state.entry(long + "2")?.version?.size == 3)
        }
    }

    @Test func `a swap is all or nothing`() throws {
        try withTemporaryFolder { folder in
            let old = DocumentEntry(Self.version(digest: "o"))
            let new = DocumentEntry(Self.version(digest: "n", content: .records(2)))
            do {
                let state = try IndexState(folder: folder)
                try state.commit([("old", old)])
                try state.beginSwap(to: Self.provenance, "s", [("new", new)])
            }
            let state = try IndexState(folder: folder)
            #expect(try state.provenance?.spool == "s")
            #expect(try state.entry("old") != nil && state.entry("new") == nil)
            try state.endSwap(Self.provenance, state.swapped())
            #expect(try state.provenance == Self.provenance)
            #expect(try state.entry("old") == nil)
            #expect(try state.entry("new") == new)
            #expect(try state.swapped().isEmpty)
        }
    }

    @Test func `after a swap that is given up every document is unacknowledged`() throws {
        try withTemporaryFolder { folder in
            func entry(_ records: Int, possible: Int? = nil) -> DocumentEntry {
                DocumentEntry(
                    .stored(Self.version(content: .records(records))),
                    possible: possible ?? records)
            }
            let state = try IndexState(folder: folder)
            try state.commit([("old", entry(1, possible: 3)), ("both", entry(5))])
            try state.beginSwap(to: Self.provenance, "s", [("both", entry(2)), ("new", entry(2))])
            try state.giveUpSwap()
            #expect(try state.provenance == Self.provenance)
            #expect(try state.swapped().isEmpty)
            for (name, possible) in [("old", 3), ("both", 5), ("new", 2)] {
                #expect(
                    try state.entry(name) == DocumentEntry(.unacknowledged, possible: possible))
            }
        }
    }

    private static let provenance = Provenance(
        embedderFingerprint: "f", model: "m", dimension: 4,
        chunk: DocumentStore.Chunk(size: 10, overlap: 1), extractorsFingerprint: "",
        databaseFingerprint: "d", place: "/docs", origin: .files)

    @Test func `what a collection was made with is compared`() {
        var old = Self.provenance
        var new = old
        new.embedderFingerprint = "g"
        new.extractorsFingerprint = "e"
        #expect(old.difference(to: new) == nil)
        new.dimension = 0
        #expect(old.difference(to: new) == nil)
        new.dimension = 5
        #expect(old.difference(to: new) == "vectors of 4 numbers, not 5")
        new.databaseFingerprint = "e"
        #expect(old.difference(to: new) == "other settings of the database")
        new.databaseFingerprint = "d"
        #expect(old.difference(to: new) == "vectors of 4 numbers, not 5")
        new.model = "n"
        #expect(old.difference(to: new) == "the model 'm', not 'n'")
        new.chunk = DocumentStore.Chunk(size: 9, overlap: 1)
        #expect(
            old.difference(to: new) == "chunks of 10 characters with an overlap of 1, not 9 and 1")
        new.origin = .records
        new.spool = "s"
        #expect(Provenance(json: new.json) == new && Provenance(json: old.json) == old)
        old.databaseFingerprint = "e"
        old.chunk = new.chunk
        #expect(old.difference(to: new) == "other settings of the database")
    }
}
