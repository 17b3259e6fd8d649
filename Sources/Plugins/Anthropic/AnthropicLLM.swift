package import PluginKit
import Synchronization
import Unix

/// A plugin that answers with a model of a server that has Anthropic's Messages API.
package final class AnthropicLLM: LLMProvider {
    package static let manifest = Manifest(
        name: "anthropic-llm", version: "0.1.0", author: "Hector",
        description: "A model of a server that has Anthropic's Messages API",
        capabilities: [
            "streaming": "true", "tools": "true", "response_schema": "true", "reasoning": "true",
        ])

    private let model = Mutex<MessagesModel?>(nil)

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        let settings = try MessagesSettings(configuration, environment: Environment.current)
        model.withLock { $0 = MessagesModel(settings) }
    }

    package var modelInfo: ModelInfo { get throws { try configured.info } }

    package func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        try await configured.generate(request)
    }

    package func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        try await configured.generate(request, sendingTo: writer)
    }

    private var configured: MessagesModel {
        get throws(CallError) {
            guard let model = model.withLock({ $0 }) else {
                throw CallError(.invalidArgument, "called before it was told its settings")
            }
            return model
        }
    }
}
