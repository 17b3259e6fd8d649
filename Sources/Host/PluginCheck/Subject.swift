package import PluginHost

/// What is to be checked, and how.
package struct Subject: Sendable {
    package var specification: Specification

    /// As manifests have it, `embedder_provider`.
    package var kind: String

    /// What its manifest file says; nil if there is none to be read.
    package var manifest: WrittenManifest?

    /// Why there is none, or what is odd about it.
    package var manifestProblems: [String]

    /// The longest one call may take.
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

/// What a manifest file says that the plugin itself may say too, and what settings it takes.
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
