package import JSON
package import ModelServers
package import PluginKit

/// The settings of a model behind `/embeddings`.
package struct EmbeddingSettings: Sendable {
    package var server: ServerSettings

    /// The name of the model; nil for the server's only one.
    package var model: String?

    /// The length that the vectors should have; nil for the model's own.
    package var dimensions: Int?

    /// The most texts of one request.
    package var batchSize: Int
    package var encoding: Encoding

    /// The text to put before a text, by the purpose of its vector.
    package var prefixes: [InputType: String]

    /// More parameters of each request.
    package var parameters: Members

    /// The encoding of vectors in an answer.
    package enum Encoding: String, CaseIterable, Sendable {
        /// Base64, which is less than half as long and read much faster. Not every server supports
        /// it.
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

    /// Returns the body of a request.
    package func body(_ texts: [String], model: String, encoding: Encoding) -> Value {
        var body = parameters
        if body["model"] == nil { body.set("model", .string(model)) }
        body.set("input", .array(texts.map { .string($0) }))
        body.set("encoding_format", .string(encoding.rawValue))
        if let dimensions { body.set("dimensions", .number("\(dimensions)")) }
        return .object(body)
    }
}
