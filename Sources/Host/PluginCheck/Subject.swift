package import PluginHost

/// The plugin to check, and the settings for the check.
package struct Subject: Sendable {
    package var specification: Specification

    /// The kind as in manifests, such as `embedder_provider`.
    package var kind: String

    /// The contents of its manifest file; nil if it cannot be read.
    package var manifest: WrittenManifest?

    /// The reasons why there is no manifest, or the oddities in it.
    package var manifestProblems: [String]

    /// The longest time for one call.
    package var timeout: Duration

    /// A tool that may be run, and its arguments: a JSON object.
    package var execution: (tool: String, arguments: String)?

    package init(
        _ specification: Specification, kind: String, manifest: WrittenManifest?,
        manifestProblems: [String] = [], timeout: Duration,
        execution: (tool: String, arguments: String)? = nil
    ) {
        self.specification = specification
        self.kind = kind
        self.manifest = manifest
        self.manifestProblems = manifestProblems
        self.timeout = timeout
        self.execution = execution
    }

    func hasCapability(_ name: String) -> Bool { manifest?.capabilities[name] == "true" }
}

/// The part of a manifest file that the plugin may also report itself, and its settings.
package struct WrittenManifest: Sendable {
    /// The texts of `ManifestResponse`, by the names of its fields.
    package var fields: [(name: String, text: String)]
    package var capabilities: [String: String]
    package var requiredSettings: [String]

    package init(
        fields: [(name: String, text: String)], capabilities: [String: String],
        requiredSettings: [String]
    ) {
        self.fields = fields
        self.capabilities = capabilities
        self.requiredSettings = requiredSettings
    }
}
