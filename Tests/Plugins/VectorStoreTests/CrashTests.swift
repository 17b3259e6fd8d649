import Foundation
import TestSupport
import Testing
import VectorStore

/// Other processes that use the same folder: the executable 'vector-writer' beside the tests.
@Suite struct CrashTests {
    @Test(arguments: [1, 200, 1500])
    func `a writer that is killed loses nothing it acknowledged`(acknowledged: Int) async throws {
        try await withTemporaryFolder { folder in
            let writer = try Writer(folder, "r", count: 1_000_000)
            var ids: [String] = []
            while ids.count < acknowledged { ids.append(try #require(writer.nextLine())) }
            kill(writer.process.processIdentifier, SIGKILL)
            while let id = writer.nextLine() { ids.append(id) }
            writer.process.waitUntilExit()

            let store = try VectorStore(folder: folder)
            let found = try store.find(
                [Float](repeating: 1, count: 64), limit: 1_000_000, vectors: true)
            #expect(Set(found.map(\.id)).isSuperset(of: ids))
            // The record that was under way may be there too, whole.
            #expect(found.count <= ids.count + 1)
            for match in found { expectWhole(match, prefix: "r") }
            try await store.put(Record(id: "after", vector: [Float](repeating: 1, count: 64)))
        }
    }

    @Test func `two processes that write at once both succeed`() async throws {
        try await withTemporaryFolder { folder in
            let writers = try [Writer(folder, "a", count: 300), Writer(folder, "b", count: 300)]
            // Searches at the same time see only whole records.
            let store = try VectorStore(folder: folder)
            for writer in writers {
                while writer.nextLine() != nil {
                    let found = try store.find([Float](repeating: 1, count: 64), limit: 5)
                    for match in found { expectWhole(match, prefix: String(match.id.prefix(1))) }
                }
                writer.process.waitUntilExit()
                #expect(writer.process.terminationStatus == 0)
            }
            try #expect(store.find([Float](repeating: 1, count: 64), limit: 1000).count == 600)
        }
    }

    @Test func `a writer that is killed again and again loses nothing it acknowledged`()
        async throws
    {
        try await withTemporaryFolder { folder in
            var random = SplitMix64(seed: 4)
            // The least number that each record may have.
            var least: [String: Int] = [:]
            for _ in 0..<25 {
                let writer = try Writer(folder, "r", count: 1_000_000, "replace")
                let wanted = Int.random(in: 1...400, using: &random)
                var count = 0
                var isDone = false
                while let line = writer.nextLine() {
                    let words = line.split(separator: " ")
                    least[String(words[0])] = Int(words[1])
                    count += 1
                    if count == wanted, !isDone {
                        isDone = true
                        kill(writer.process.processIdentifier, SIGKILL)
                    }
                }
                writer.process.waitUntilExit()
                let store = try VectorStore(folder: folder)
                let ids = least.keys.sorted()
                for (id, record) in zip(ids, try store.get(ids, in: "c", includesVectors: true)) {
                    let number = Int(record?.vector.first ?? 0) - 1
                    // The one that was under way may have taken its place.
                    #expect(number == least[id]! || number == least[id]! + 50)
                    #expect(
                        record?.metadata["content"] == String(repeating: id, count: number % 50))
                    least[id] = -1
                }
                try #expect(store.verify() == [])
                least = [:]
            }
        }
    }

    @Test func `a writer that is killed while segments are merged loses nothing it acknowledged`()
        async throws
    {
        try await withTemporaryFolder { folder in
            var random = SplitMix64(seed: 5)
            var least = 0
            for round in 0..<6 {
                let writer = try Writer(folder, "r\(round)", count: 100_000, "batches")
                let wanted = Int.random(in: 10...60, using: &random)
                var last = -1
                var isDone = false
                // Searches at the same time see whole batches.
                let reader = try VectorStore(folder: folder)
                while let line = writer.nextLine() {
                    last = try #require(Int(line))
                    if last >= wanted, !isDone {
                        isDone = true
                        kill(writer.process.processIdentifier, SIGKILL)
                    }
                    if last % 8 == 0 {
                        let found = try reader.search(
                            [Query(text: "word\((last * 256 * 31) % 5000)x", limit: 3)], in: "c")
                        #expect(try !found[0].get().isEmpty)
                    }
                }
                writer.process.waitUntilExit()
                let store = try VectorStore(folder: folder)
                let ids = (0..<(last + 1) * 256).map { "r\(round)-\($0)" }
                let found = try store.get(ids, in: "c", includesVectors: true)
                // What the batch under way changes may be changed already.
                for number in 0..<last * 256 {
                    let isFirst = number < 256 * (last - 1)
                    switch (found[number]?.vector.first, 256 - number % 256) {
                    case (nil, 99), (-1, 77): break
                    case (let value, let place):
                        #expect(value == Float(number + 1), "\(number)")
                        #expect(!isFirst || place != 99 && place != 77, "\(number)")
                    }
                }
                least += (last + 1) * 256 - last
                let count = try #require(try store.collections().first).count
                #expect((least - 1...least + 256).contains(count))
                least = count
                try #expect(store.verify() == [])
                // A commit that is whole but was not acknowledged is seen by who opens the store.
                let seen = try #require(try reader.collections().first).count
                #expect((count - 256...count + 1).contains(seen))
            }
        }
    }

    @Test func `a file that may not grow refuses a record, and later ones are taken`() async throws
    {
        try await withTemporaryFolder { folder in
            let writer = try Writer(folder, "r", count: 1000, "limit")
            var (ids, refused): ([String], [String]) = ([], [])
            while let line = writer.nextLine() {
                if line.hasPrefix("refused ") { refused.append(line) } else { ids.append(line) }
            }
            writer.process.waitUntilExit()
            #expect(writer.process.terminationStatus == 0)
            #expect(refused.count == 1)
            #expect(refused.first?.contains("File too large") == true)
            #expect(ids.count == 999)
            let store = try VectorStore(folder: folder)
            try #expect(store.get(ids, in: "c").allSatisfy { $0 != nil })
            try #expect(store.collections().map(\.count) == [999])
            try #expect(store.verify() == [])
        }
    }

    private func expectWhole(_ match: Match, prefix: String) {
        let number = Int(match.id.dropFirst(prefix.count)) ?? -1
        #expect(match.metadata["id"] == match.id)
        #expect(match.metadata["content"] == String(repeating: match.id, count: number % 50))
        #expect(match.vector.allSatisfy { $0 == Float(number + 1) })
    }
}

private final class Writer {
    let process = Process()
    private let output = Pipe()
    private var buffer: [UInt8] = []

    init(_ folder: String, _ prefix: String, count: Int, _ mode: String = "") throws {
        process.executableURL = Bundle.module(forTestsBeside: "vector-writer")
        process.arguments = [folder, prefix, String(count), mode]
        process.standardOutput = output
        try process.run()
    }

    func nextLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            buffer += data
        }
    }
}

extension Bundle {
    /// Returns an executable of this package, which is built next to the tests.
    fileprivate static func module(forTestsBeside name: String) -> URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
    }
}
