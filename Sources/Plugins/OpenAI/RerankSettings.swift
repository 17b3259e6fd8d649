package import JSON
package import ModelServers
package import PluginKit

/// The settings of a model behind `/rerank`.
package struct RerankSettings: Sendable {
    package var server: ServerSettings

    /// The name of the model; nil if the server does not need it.
    package var model: String?

    /// The most texts of one request.
    package var batchSize: Int

    /// The form of requests; nil to find out what the server understands.
    package var format: Format?

    /// More parameters of each request.
    package var parameters: Members

    package enum Format: String, CaseIterable, Sendable {
        /// `documents`, as Jina, Cohere, vLLM and llama.cpp have it.
        case jina
        /// `texts`, as Hugging Face's text-embeddings-inference has it.
        case tei
    }

    package static let names =
        ServerSettings.names + ["model", "batch_size", "format", "parameters"]

    package init(
        _ settings: Configuration, environment: [String: String]
    ) throws(ConfigurationError) {
        try settings.refuseUnknown(besides: Self.names)
        // A key for one company's server is not shown to another's, so OpenAI's is not used.
        server = try ServerSettings(
            settings,
            ServerSettings.Defaults(
                base: nil, baseVariable: "RERANK_BASE_URL", keyVariable: "RERANK_API_KEY",
                timeout: .seconds(60)),
            environment: environment)
        model = settings["model"].flatMap { $0.isEmpty ? nil : $0 }
        batchSize = try settings.int("batch_size", default: 256, in: 1...10_000)
        format =
            settings["format"] == nil ? nil : try settings.choice("format", default: .jina)
        parameters = try settings.parameters("parameters")
    }

    /// Returns the body of a request.
    ///
    /// - Parameter limit: The number of scores that are wanted, at most one for each text.
    package func body(
        _ texts: [String], for query: String, limit: Int, in format: Format
    ) -> Value {
        var body: Members = [:]
        // By default this server refuses a text that is longer than its model reads.
        if format == .tei { body.append("truncate", true) }
        for (name, value) in parameters { body.set(name, value) }
        if body["model"] == nil, let model { body.set("model", .string(model)) }
        body.set("query", .string(query))
        let texts = Value.array(texts.map { .string($0) })
        switch format {
        case .jina:
            body.set("documents", texts)
            body.set("top_n", .number("\(limit)"))
        case .tei: body.set("texts", texts)
        }
        return .object(body)
    }
}
