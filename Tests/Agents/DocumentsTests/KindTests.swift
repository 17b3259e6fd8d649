import Chunking
import Documents
import Foundation
import JSON
import OpenSSL
import Testing

/// The files in `Tests/Documents`, one of each kind and encoding, and the passages expected of each.
@Suite struct KindTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Documents").path

    /// The files that need no program.
    private static let names = {
        let names = try! FileManager.default.contentsOfDirectory(atPath: folder)
        return names.filter { $0 != "expected" && !$0.hasPrefix("notes.") }.sorted()
    }()

    @Test(arguments: names) func `a document becomes what is expected of it`(name: String) throws {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
        let expected = try String(
            contentsOfFile: "\(Self.folder)/expected/\(name).txt", encoding: .utf8)
        #expect(Self.passages(of: bytes, name) == expected)
    }

    @Test(arguments: names) func `the size of blocks does not matter`(name: String) throws {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
        #expect(Self.passages(of: bytes, name, block: 7) == Self.passages(of: bytes, name))
    }

    @Test func `other passages come with another version`() throws {
        let folder = "\(Self.folder)/expected"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let texts = try names.flatMap {
            try [UInt8]($0.utf8) + Data(contentsOf: URL(filePath: "\(folder)/\($0)"))
        }
        let digest = SHA256.hex(of: texts).prefix(16)
        // A new file only changes the digest.
        #expect(
            "\(DocumentChunker.version) \(digest)" == "1 ca79e5615b44d97e",
            "if known files get other passages, DocumentChunker.version goes up")
    }

    /// Returns each passage with what is known about it.
    private static func passages(of bytes: [UInt8], _ name: String, block: Int = .max) -> String {
        var chunker = DocumentChunker(
            name: name, ChunkSettings(size: 300, overlap: 30, hasContext: true))
        var text = ""
        do {
            var rest = bytes[...]
            repeat {
                let piece = Array(rest.prefix(block))
                rest = rest.dropFirst(block)
                for passage in try chunker.append(piece, isLast: rest.isEmpty) {
                    text += Self.text(passage)
                }
            } while !rest.isEmpty
        } catch {
            text += "skipped: \(error.code.rawValue)\n"
        }
        return text
    }

    private static func text(_ passage: Passage) -> String {
        var facts: [(String, Value)] = []
        if let title = passage.title { facts.append(("title", .string(title))) }
        if !passage.headings.isEmpty {
            facts.append(("headings", .array(passage.headings.map { .string($0) })))
        }
        facts += passage.properties.map { ($0.key, $0.value) }
        return """
            == \(passage.range.lowerBound) to \(passage.range.upperBound) \
            \(Value.object(Members(facts)))
            \(String(decoding: passage.content, as: UTF8.self))

            """
    }

    /// Writes what is found, to be compared with what was expected by eye.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HECTOR_WRITE_EXPECTED"] != nil))
    func `writes the passages`() throws {
        let folder = "\(Self.folder)/expected"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in Self.names {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
            try Self.passages(of: bytes, name)
                .write(toFile: "\(folder)/\(name).txt", atomically: true, encoding: .utf8)
        }
    }
}
