package import PluginKit
import Synchronization
import Unix

/// A plugin that answers with a model of any server that has OpenAI's chat completions.
package final class OpenAILLM: LLMProvider {
    package static let manifest = Manifest(
        name: "openai-llm", version: "0.1.0", author: "Hector",
        description: "A model of any server that has OpenAI's chat completions",
        capabilities: [
            "streaming": "true", "tools": "true", "response_schema": "true", "reasoning": "true",
        ])

    private let model = Mutex<ChatCompletionsModel?>(nil)

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        let settings = try ChatSettings(configuration, environment: Environment.current)
        model.withLock { $0 = ChatCompletionsModel(settings) }
    }

    package var modelInfo: ModelInfo { get async throws { try await configured.info } }

    package func generate(_ request: GenerateRequest) async throws -> GenerateResponse {
        try await configured.generate(request)
    }

    package func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        try await configured.generate(request, sendingTo: writer)
    }

    private var configured: ChatCompletionsModel {
        get throws(CallError) {
            guard let model = model.withLock({ $0 }) else {
                throw CallError(.invalidArgument, "called before it was told its settings")
            }
            return model
        }
    }
}
