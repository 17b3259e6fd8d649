import OpenAI
import PluginKit
import TestSupport

/// The functions that the suites about a chat model and its server share.
protocol ChatServers {}

extension ChatServers {
    static var key: String { "sk-secret-0123456789" }

    func model(
        _ server: Loopback, _ settings: [String: String] = [:]
    ) throws -> ChatCompletionsModel {
        let standard = [
            "base_url": "\(server.url)/v1", "model": "m", "api_key": Self.key,
            "retry_delay": "1ms", "max_retries": "2", "timeout": "10s",
        ]
        return ChatCompletionsModel(
            try ChatSettings(
                Configuration(settings.merging(standard) { own, _ in own }), environment: [:]),
            log: Logger("", least: .error))
    }

    static var hello: [String] {
        [
            #"{"choices":[{"delta":{"content":"Hel"}}]}"#,
            #"{"choices":[{"delta":{"content":"lo"}}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]",
        ]
    }

    static var whole: String {
        #"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#
    }
}
