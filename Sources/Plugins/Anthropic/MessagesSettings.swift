internal import HTTP
package import JSON
package import ModelServers
package import PluginKit

/// The settings of a model behind `/v1/messages`.
package struct MessagesSettings: Sendable {
    package var server: ServerSettings
    package var model: String

    /// The most tokens of an answer, which the server requires.
    package var maxTokens: Int
    package var temperature: Double?

    /// More parameters of each request.
    package var parameters: Members

    package static let names =
        ServerSettings.names + ["model", "max_tokens", "temperature", "parameters"]

    /// The version of the API: later versions have no changes that matter here.
    static let version = "2023-06-01"

    package init(
        _ settings: Configuration, environment: [String: String]
    ) throws(ConfigurationError) {
        try settings.refuseUnknown(besides: Self.names)
        server = try ServerSettings(
            settings,
            ServerSettings.Defaults(
                base: "https://api.anthropic.com", baseVariable: "ANTHROPIC_BASE_URL",
                keyVariable: "ANTHROPIC_API_KEY", timeout: .seconds(600)),
            environment: environment)
        model = try settings.string("model")
        guard !model.isEmpty else { throw .missing("model", expected: "a model's name") }
        maxTokens = try settings.int("max_tokens", default: 4096, in: 1...(.max))
        temperature =
            settings["temperature"] == nil ? nil : try settings.double("temperature", in: 0...1)
        parameters = try settings.parameters("parameters")
    }

    var headers: [(name: String, value: String)] {
        [("anthropic-version", Self.version)] + (server.key.map { [("x-api-key", $0)] } ?? [])
    }

    /// The path to add to the base URL, which users write with or without `/v1`.
    package var path: String {
        server.base.text.hasSuffix("/v1") || server.base.text.hasSuffix("/v1/")
            ? "messages" : "v1/messages"
    }
}
