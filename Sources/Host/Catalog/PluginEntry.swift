package import Configuration

/// Everything that is needed to use a plugin.
package struct PluginEntry: Sendable {
    package let name: String
    package let kind: Kind
    package let location: KnownPlugin.Location

    /// For `Initialize`: defaults filled in, options of the command applied.
    package let configuration: [String: String]

    /// The part of it that is not only the manifest's defaults.
    package let requested: [String: String]

    package let manifest: Manifest?

    /// Nil: as the kind of connection asks.
    package let mtls: Bool?

    /// What the executable's SHA-256 must be: 64 lower-case hexadecimal digits.
    package let checksum: String?

    /// True if a command that uses several plugins cannot do without this one.
    package var isRequired = false

    /// The absolute path to launch; nil for a plugin that runs already.
    package var executable: String? {
        if case .executable(let path) = location { path } else { nil }
    }

    /// Where a plugin that runs already listens.
    package var socket: String? {
        if case .socket(let address) = location { address } else { nil }
    }
}
