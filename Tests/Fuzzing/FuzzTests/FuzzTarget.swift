import Foundation
import TestSupport

/// A parser, with good inputs for it.
enum FuzzTarget: String, CaseIterable, Codable, Sendable {
    case json, record, jsonSchema, yaml, configuration, manifest
    case handshake, pluginLog, pluginAnswer, grpcClient, grpcServer
    case events, chatAnswer, mcp
    case html, markdown, document
    case expression, lineExpression, glob
    case segments

    var mutator: Mutator {
        switch self {
        case .json, .record:
            Mutator(
                Corpus.files("Plugins/ModelServersTests/streams", ending: "json") + Corpus.json,
                tokens: Corpus.jsonTokens)
        case .jsonSchema:
            Mutator(Corpus.schemas, tokens: Corpus.jsonTokens + Corpus.schemaTokens)
        case .yaml, .configuration:
            Mutator(
                Corpus.files("../examples", ending: "yaml") + Corpus.yaml, tokens: Corpus.yamlTokens
            )
        case .manifest:
            Mutator(
                Corpus.files("../Sources/Plugins", ending: "plugin.yaml"), tokens: Corpus.yamlTokens
            )
        case .handshake:
            Mutator(
                Corpus.handshakes,
                tokens: ["|", "unix", "tcp", "grpc", "netrpc", "[::1]:", "65536"])
        case .pluginLog:
            Mutator(Corpus.logLines, tokens: Corpus.jsonTokens + ["@level", "@message", "panic: "])
        case .pluginAnswer: Mutator(Corpus.messages)
        case .grpcClient: Mutator(Corpus.serverFrames, tokens: Corpus.frameTokens)
        case .grpcServer: Mutator(Corpus.clientFrames, tokens: Corpus.frameTokens)
        case .events, .chatAnswer:
            Mutator(
                Corpus.files("Plugins/ModelServersTests/streams", ending: "sse"),
                tokens: Corpus.jsonTokens
                    + ["data:", "event:", "id:", "retry:", ":", "\n\n", "\r\n\r\n", "[DONE]"])
        case .mcp: Mutator(Corpus.rpc, tokens: Corpus.jsonTokens + ["NaN", "-Infinity", "jsonrpc"])
        case .html:
            Mutator(
                Corpus.files("Documents", ending: "html"),
                tokens: [
                    "<table>", "<p>", "</", "<!--", "<![CDATA[", "&#x110000;", "<svg>",
                    "<template>",
                ])
        case .markdown:
            Mutator(
                Corpus.files("Documents", ending: "md"),
                tokens: [
                    "```", "> ", "- ", "| ", "---\n", "[x](", "![", "    ", "#", "<div>", "|-|-|\n",
                ])
        case .document: Mutator(Corpus.documents)
        case .expression, .lineExpression:
            Mutator(
                Corpus.expressions,
                tokens: ["(?:", "{1000}", "*", "+?", "[^", "\\pL", "\\b", "(?i)", "\\Q", "|", "$"])
        case .glob:
            Mutator(Corpus.globs, tokens: ["**/", "[!", "{", ",", "}", "[[:alpha:]]", "\\"])
        case .segments: Mutator(Corpus.segments).reaching(1 << 18)
        }
    }

    /// Has the parser read an input and use what it finds.
    func feed(_ input: [UInt8]) async {
        switch self {
        case .json: feedJSON(input)
        case .record: feedRecord(input)
        case .jsonSchema: feedSchema(input)
        case .yaml: feedYAML(input)
        case .configuration: feedConfiguration(input)
        case .manifest: feedManifest(input)
        case .handshake: feedHandshake(input)
        case .pluginLog: feedPluginLog(input)
        case .pluginAnswer: feedPluginAnswer(input)
        case .grpcClient: await feedClient(input)
        case .grpcServer: await feedServer(input)
        case .events: feedEvents(input)
        case .chatAnswer: await feedChatAnswer(input)
        case .mcp: feedMCP(input)
        case .html: feedHTML(input)
        case .markdown: feedMarkdown(input)
        case .document: feedDocument(input)
        case .expression: feedExpression(input)
        case .lineExpression: feedLineExpression(input)
        case .glob: feedGlob(input)
        case .segments: await feedSegments(input)
        }
    }
}

extension Mutator {
    /// Returns this with longer inputs.
    func reaching(_ longest: Int) -> Mutator {
        var mutator = self
        mutator.longest = longest
        return mutator
    }
}
