package import JSON
package import ModelServers
package import PluginKit

/// The settings of a model behind `/embeddings`.
package struct EmbeddingSettings: Sendable {
    package var server: ServerSettings

    /// nil for the only one that the server has.
    package var model: String?

    /// How long the vectors should be; nil for as long as the model makes them.
    package var dimensions: Int?

    /// The most texts of one request.
    package var batchSize: Int
    package var encoding: Encoding

    /// What is put before a text by what its vector is for.
    package var prefixes: [InputType: String]

    /// More of each request.
    package var parameters: Members

    /// How vectors travel.
    package enum Encoding: String, CaseIterable, Sendable {
        /// Less than half as long, and read much faster. Not every server can write it.
        case base64
        case float
    }

    package static let names =
        ServerSettings.names + [
            "model", "dimensions", "batch_size", "encoding_format", "query_prefix",
            "document_prefix", "parameters",
        ]

    package init(
        _ settings: Configuration, environment: [String: String]
    ) throws(ConfigurationError) {
        try settings.refuseUnknown(besides: Self.names)
        server = try ServerSettings(
            settings, .openAI(timeout: .seconds(60)), environment: environment)
        model = settings["model"].flatMap { $0.isEmpty ? nil : $0 }
        dimensions =
            settings["dimensions"] == nil ? nil : try settings.int("dimensions", in: 1...65536)
        batchSize = try settings.int("batch_size", default: 128, in: 1...2048)
        encoding = try settings.choice("encoding_format", default: .base64)
        prefixes = [
            .query: settings["query_prefix"] ?? "", .document: settings["document_prefix"] ?? "",
        ]
        parameters = try settings.parameters("parameters")
    }

    /// The body of a request.
    package func body(_ texts: [String], model: String, encoding: Encoding) -> Value {
        var body = parameters
        if body["model"] == nil { body.set("model", .string(model)) }
        body.set("input", .array(texts.map { .string($0) }))
        body.set("encoding_format", .string(encoding.rawValue))
        if let dimensions { body.set("dimensions", .number("\(dimensions)")) }
        return .object(body)
    }
}
