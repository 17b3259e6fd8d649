internal import Messages
internal import SwiftProtobuf

/// The description that a running plugin of any kind gives of itself.
package struct SelfDescription: Sendable {
    /// The non-empty texts of its manifest, by the names of their fields.
    package let manifest: [(name: String, text: String)]
    package let capabilities: [String: String]

    /// The status: unloaded, loading, ready, error, crashed, shutdown or restarting.
    package let status: String

    package let isHealthy: Bool

    /// The reason why the plugin cannot do its work, if it is not healthy.
    package let healthMessage: String
}

extension Plugin {
    /// Asks the plugin for its description.
    package func describeItself(timeout: Duration) async throws(PluginError) -> SelfDescription {
        let manifest: Hector_Plugin_ManifestResponse = try await ask("GetManifest", timeout)
        let status: Hector_Plugin_StatusResponse = try await ask("GetStatus", timeout)
        let health: Hector_Plugin_HealthResponse = try await ask("Health", timeout)
        let fields = [
            ("name", manifest.name), ("version", manifest.version), ("author", manifest.author),
            ("description", manifest.description_p), ("type", manifest.type),
            ("protocol", manifest.protocol), ("hector_version", manifest.hectorVersion),
        ]
        return SelfDescription(
            manifest: fields.filter { !$0.1.isEmpty }.map { (name: $0.0, text: $0.1) },
            capabilities: manifest.capabilities, status: status.status, isHealthy: health.healthy,
            healthMessage: health.message)
    }

    private func ask<Response: Message>(
        _ method: String, _ timeout: Duration
    ) async throws(PluginError) -> Response {
        let method = "/\(specification.service)/\(method)"
        return try decode(try await call(method, [], timeout: timeout), from: method)
    }
}
