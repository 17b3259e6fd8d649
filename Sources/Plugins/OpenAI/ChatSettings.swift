internal import HTTP
package import JSON
package import ModelServers
package import PluginKit

/// The settings of a model behind `/chat/completions`.
package struct ChatSettings: Sendable {
    package var server: ServerSettings

    /// The name of the model; nil for the server's only one.
    package var model: String?
    package var temperature: Double?

    /// The most tokens of an answer; nil leaves that to the server.
    package var maxTokens: Int?

    /// More parameters of each request.
    package var parameters: Members

    package static let names =
        ServerSettings.names + ["model", "temperature", "max_tokens", "parameters"]

    package init(
        _ settings: Configuration, environment: [String: String]
    ) throws(ConfigurationError) {
        try settings.refuseUnknown(besides: Self.names)
        server = try ServerSettings(
            settings, .openAI(timeout: .seconds(600)), environment: environment)
        model = settings["model"].flatMap { $0.isEmpty ? nil : $0 }
        temperature =
            settings["temperature"] == nil ? nil : try settings.double("temperature", in: 0...2)
        maxTokens =
            settings["max_tokens"] == nil ? nil : try settings.int("max_tokens", in: 1...(.max))
        parameters = try settings.parameters("parameters")
    }
}

extension ServerSettings.Defaults {
    package static func openAI(timeout: Duration) -> Self {
        Self(
            base: "https://api.openai.com/v1", baseVariable: "OPENAI_BASE_URL",
            keyVariable: "OPENAI_API_KEY", timeout: timeout)
    }
}

extension ServerSettings {
    /// The header that carries the key.
    var authorization: [(name: String, value: String)] {
        key.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    /// True for OpenAI itself, and not another server with the same protocol.
    var isOpenAI: Bool { base.origin == "https://api.openai.com" }
}
