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
    case archive, imageManifest, challenge, reference, lock
    case need, script, taint

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
        case .archive: Mutator(Corpus.archives, tokens: ["../", "/", "ustar", "./", "a/"])
        case .imageManifest: Mutator(Corpus.imageManifests, tokens: Corpus.jsonTokens)
        case .challenge:
            Mutator(Corpus.challenges, tokens: ["Bearer ", "realm=", "\"", "\\", ",", "="])
        case .reference:
            Mutator(Corpus.references, tokens: ["oci://", ":", "/", "@sha256:", "[::1]", "//"])
        case .lock: Mutator(Corpus.locks, tokens: Corpus.jsonTokens + ["pending", "../", "\\n"])
        case .need:
            Mutator(Corpus.needs, tokens: ["${", "}", ":-", ":+", "$$", "settings.", "${${"])
        case .script: Mutator(Corpus.scripts, tokens: ["#!", "/usr/bin/env", " -S ", " ", "\t"])
        case .taint: Mutator(Corpus.tainted, tokens: Corpus.jsonTokens + ["taint_digest"])
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
        case .archive: feedArchive(input)
        case .imageManifest: feedImageManifest(input)
        case .challenge: feedChallenge(input)
        case .reference: feedReference(input)
        case .lock: feedLock(input)
        case .need: feedNeed(input)
        case .script: feedScript(input)
        case .taint: feedTaint(input)
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
