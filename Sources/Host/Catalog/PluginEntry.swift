package import Configuration
package import Keys

/// Everything that is needed to use a plugin.
package struct PluginEntry: Sendable {
    package let name: String
    package let kind: Kind
    package let location: KnownPlugin.Location

    /// The settings for `Initialize`, with the defaults filled in and the options of the command
    /// applied.
    package let configuration: [String: String]

    /// The settings whose values are fetched when the plugin is started.
    package var keys: [String: KeySource] = [:]

    /// The settings without those that are only the manifest's defaults.
    package let requested: [String: String]

    package let manifest: Manifest?

    /// True for mutual TLS, false for none; nil for the default of the kind of connection.
    package let mtls: Bool?

    /// The required SHA-256 of the executable: 64 lower-case hexadecimal digits.
    package let checksum: String?

    /// The limits that it is started with.
    package let confinement: PluginConfinement

    /// True if a command that uses several plugins cannot run without this one.
    package var isRequired = false

    /// A sentence for the user, which names both, if a discovered plugin goes before a built-in one;
    /// nil if it does not.
    package var replacement: String?

    /// The absolute path of the executable; nil for a plugin that runs already.
    package var executable: String? {
        if case .executable(let path) = location { path } else { nil }
    }

    /// The address of a plugin that runs already.
    package var socket: String? {
        if case .socket(let address) = location { address } else { nil }
    }
}
