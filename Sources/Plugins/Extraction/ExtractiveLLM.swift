package import PluginKit
import Synchronization
import TextAnalysis

/// An answerer that needs no model and no network, because it quotes.
package final class ExtractiveLLM: LLMProvider {
    package static let manifest = Manifest(
        name: "extractive-llm", version: "0.1.0", author: "Hector",
        description:
            "Answers with the sentences of its context that fit the question best; needs no model",
        capabilities: ["streaming": "true", "tools": "true", "response_schema": "true"])

    private let extractor = Mutex(Extractor(limit: 3))

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        try configuration.refuseUnknown(besides: ["language", "sentences"])
        let limit = try configuration.int("sentences", default: 3, in: 1...100)
        let name = try configuration.string("language", default: Language.default)
        guard let language = try? Language(name) else {
            let names = Language.names.joined(separator: ", ")
            throw ConfigurationError.invalid("language", name, expected: "one of \(names)")
        }
        extractor.withLock {
            $0.limit = limit
            if language.name != $0.analyzer.language.name { $0.analyzer = Analyzer(language) }
        }
    }

    // It has no limit, and nothing in it is random.
    package var modelInfo: ModelInfo {
        ModelInfo(modelName: "extractive", maxTokens: 0, temperature: 0)
    }

    package func generate(_ request: GenerateRequest) throws -> GenerateResponse {
        let reply = try reply(to: request)
        return GenerateResponse(
            text: reply.text, toolCalls: reply.calls, summary: summary(of: reply, to: request))
    }

    package func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        let reply = try reply(to: request)
        for piece in reply.pieces { try await writer.send(piece) }
        for call in reply.calls { try await writer.send(call) }
        return summary(of: reply, to: request)
    }

    private func reply(to request: GenerateRequest) throws -> Reply {
        try extractor.withLock { $0 }.reply(
            to: request.messages, tools: request.tools, schema: request.responseSchema)
    }

    /// Returns a summary without tokens, as there are none here: words are counted, as wc(1) does.
    private func summary(of reply: Reply, to request: GenerateRequest) -> GenerateSummary {
        let prompt = request.messages.reduce(0) { $0 + wordCount($1.content) }
        let answer = wordCount(reply.text)
        return GenerateSummary(
            usage: [
                "prompt_words": prompt, "completion_words": answer,
                "total_words": prompt + answer,
            ],
            finishReason: reply.finishReason)
    }
}

extension Reply {
    fileprivate var text: String { pieces.joined() }

    fileprivate var pieces: [String] {
        switch self {
        case .text(let pieces): pieces
        case .nothingFound(let text): [text]
        case .calls: []
        }
    }

    fileprivate var finishReason: String {
        switch self {
        case .text: "stop"
        case .calls: "tool_calls"
        case .nothingFound: "nothing_found"
        }
    }

    fileprivate var calls: [ToolCall] {
        guard case .calls(let calls) = self else { return [] }
        return calls
    }
}

private func wordCount(_ text: String) -> Int {
    var count = 0
    var isInWord = false
    for byte in text.utf8 {
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        if !isSpace, !isInWord { count += 1 }
        isInWord = !isSpace
    }
    return count
}
