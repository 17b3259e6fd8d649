import Chunking
import Foundation
import HTTP
import JSON
import JSONSchema
import Messages
import OpenAI
import RE2
import SwiftProtobuf
import TestSupport
import YAML

@testable import Catalog
@testable import Configuration
@testable import Documents
@testable import Glob
@testable import MCP
@testable import PluginHost
@testable import SystemTools

// Each function has a parser read an input, and uses the result as the programs do. Errors are fine;
// a result that is wrong by the parser's own account is not.

private func text(_ input: [UInt8]) -> String { String(decoding: input, as: UTF8.self) }

extension FuzzTarget {
    // MARK: JSON

    func feedJSON(_ input: [UInt8]) {
        guard let value = try? Value(parsing: input) else { return }
        let spelled = Array("\(value)".utf8)
        let again = try? Value(parsing: spelled)
        precondition(again != nil, "what was read and written cannot be read")
        _ = value.canonical
    }

    func feedRecord(_ input: [UInt8]) {
        guard var record = try? Record(input) else { return }
        for key in ["id", "content", "vector", "metadata", "messages", "a"] {
            _ = record.value(key)
            _ = try? record.string(key)
            _ = try? record.floats(key)
            _ = try? record.vector(key)
            _ = try? record.elements(key)
        }
        record.set("vector", json: Array("[1]".utf8))
        _ = try? record.append(Array("{}".utf8), toArray: "messages")
        precondition((try? Value(parsing: record.bytes)) != nil, "a member makes it unreadable")
    }

    func feedSchema(_ input: [UInt8]) {
        guard let schema = try? Schema(parsing: input) else { return }
        for json in Corpus.json {
            if let value = try? Value(parsing: json) { _ = schema.problems(with: value) }
        }
        _ = try? Schema(shortForm: text(input))
    }

    // MARK: YAML

    func feedYAML(_ input: [UInt8]) {
        do {
            let documents = try Source(input, file: "x.yaml").documents()
            for document in documents { _ = document.configurationText }
        } catch {
            _ = "\(error)"
        }
    }

    func feedConfiguration(_ input: [UInt8]) {
        let environment = ["A": "a", "HOME": "/nowhere"]
        let (settings, problems) = Settings.read(
            input, file: "hector.yaml", directory: "/nowhere", environment: environment)
        for problem in problems { _ = "\(problem)" }
        guard let settings else { return }
        _ = settings.shown
        _ = settings.unsetVariables(in: environment)
        let catalog = Catalog(
            settings: settings, environment: environment, workingDirectory: "/nowhere",
            executableDirectory: "/nowhere")
        _ = catalog.listing().map { $0.problem?.message }
    }

    func feedManifest(_ input: [UInt8]) {
        do { _ = try Manifest(input, file: "x.plugin.yaml") } catch { _ = error.message }
    }

    // MARK: Plugins

    func feedHandshake(_ input: [UInt8]) {
        do { _ = try Handshake(line: input) } catch { _ = "\(error)" }
        _ = Handshake.socket(in: input)
    }

    func feedPluginLog(_ input: [UInt8]) {
        var parser = LogParser()
        for line in input.split(separator: 10) { _ = parser.parse(line) }
    }

    func feedPluginAnswer(_ input: [UInt8]) {
        func read<M: SwiftProtobuf.Message>(_: M.Type) {
            do throws(AnswerError) { let _: M = try decodeAnswer(input) } catch {
                _ = error.problem
            }
        }
        read(Hector_Plugin_SearchResponse.self)
        read(Hector_Plugin_GenerateResponse.self)
        read(Hector_Plugin_EmbedResponse.self)
        read(Hector_Plugin_InitializeRequest.self)
        read(Hector_Plugin_ManifestResponse.self)
    }

    // MARK: Servers

    /// Cuts an input into pieces, as a network does.
    private func pieces(_ input: [UInt8]) -> [[UInt8]] {
        var random = SplitMix64(seed: UInt64(input.count))
        var rest = input[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...200, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    private func events(_ input: [UInt8]) -> [ServerEvent] {
        var stream = EventStream(limit: 1 << 20)
        var events: [ServerEvent] = []
        for piece in pieces(input) { events += (try? stream.receive(piece)) ?? [] }
        return events + [stream.finish()].compactMap { $0 }
    }

    func feedEvents(_ input: [UInt8]) {
        let found = events(input)
        var whole = EventStream(limit: 1 << 20)
        guard let all = try? whole.receive(input) else { return }
        precondition(
            all + [whole.finish()].compactMap { $0 } == found,
            "events depend on where a stream is cut")
    }

    func feedChatAnswer(_ input: [UInt8]) async {
        var answer = ChatAnswer()
        do {
            for event in events(input) {
                guard let value = try? Value(parsing: Array(event.data.utf8)) else { continue }
                _ = try answer.receive(value)
            }
        } catch {}
        _ = answer.finish()
        if let value = try? Value(parsing: input) { _ = try? ChatAnswer(value) }
    }

    func feedMCP(_ input: [UInt8]) {
        var lines = MessageLines(longest: 1 << 20)
        for line in input.split(separator: 10) { _ = lines.receive(line) }
        guard let messages = try? RPCMessage.read(input[...]) else { return }
        for message in messages {
            guard case .result(_, let value) = message else { continue }
            var list = ToolList()
            try? list.add(value["tools"], mirroring: true) { _ in }
            _ = CallResult(value)
            for tool in value["tools"]?.array ?? [] {
                if let schema = tool["inputSchema"] { _ = InputSchema.repaired(schema) }
            }
        }
    }

    // MARK: Documents

    func feedHTML(_ input: [UInt8]) {
        _ = try? HTMLText(input)
        _ = try? HTMLText(input, isXML: true)
    }

    func feedMarkdown(_ input: [UInt8]) { cut(input, "a.md") }

    func feedDocument(_ input: [UInt8]) {
        guard let first = input.first else { return }
        cut(Array(input.dropFirst()), Corpus.kinds[Int(first) % Corpus.kinds.count].name)
    }

    private func cut(_ input: [UInt8], _ name: String) {
        let settings = ChunkSettings(size: 200, overlap: 20, hasContext: true)
        var chunker = DocumentChunker(name: name, settings)
        do {
            for piece in pieces(input) { _ = try chunker.append(piece, isLast: false) }
            _ = try chunker.append([], isLast: true)
        } catch {
            _ = "\(error)"
        }
    }

    // MARK: Patterns

    private static let searched = Array(
        "alpha = \"beta\"\r\nfoo bar\n\u{1F600} aaaaaaaaaaaaaaaaaaaaab".utf8)

    func feedExpression(_ input: [UInt8]) {
        guard let expression = try? RegularExpression(text(input)) else { return }
        _ = expression.matches(Self.searched.span)
        _ = expression.firstMatch(in: Self.searched.span)
    }

    func feedLineExpression(_ input: [UInt8]) {
        do {
            let expression = try LineExpression(text(input))
            _ = expression.firstLine(in: Self.searched.span, from: 0)
        } catch {
            _ = "\(error)"
        }
    }

    func feedGlob(_ input: [UInt8]) {
        // The time grows with the product of both lengths, and users write patterns.
        let pattern = Array(input.prefix(2000))
        for dialect in [Glob.Dialect.git, .characters] {
            let glob = Glob(pattern, dialect)
            for path in ["a/b/c.md", "x", "", String(repeating: "a/", count: 100)] {
                _ = glob.matches(Array(path.utf8)[...])
            }
        }
    }
}
