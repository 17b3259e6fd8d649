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

    init(_ folder: String, _ prefix: String, count: Int) throws {
        process.executableURL = Bundle.module(forTestsBeside: "vector-writer")
        process.arguments = [folder, prefix, String(count)]
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
