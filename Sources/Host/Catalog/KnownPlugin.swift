package import Configuration

/// A plugin that could be started, or that runs already.
package struct KnownPlugin: Sendable {
    package enum Origin: String, Sendable {
        case configured, discovered
        case builtIn = "built-in"
        /// The plugin was named by its path.
        case named
    }

    package enum Location: Equatable, Sendable {
        /// An absolute path.
        case executable(String)
        /// `HOST:PORT`, or the absolute path of a Unix socket.
        case socket(String)

        var isRunning: Bool { if case .socket = self { true } else { false } }
    }

    package let name: String
    package let kind: Kind
    package let origin: Origin
    package let location: Location

    /// The manifest; nil if there is none beside the executable.
    package let manifest: Manifest?

    /// The entry of the plugin in the configuration.
    package let settings: PluginSettings?

    /// The place in the configuration that names its file.
    var place: Place?

    /// The path of the built-in plugin of the same name and kind that this one goes before.
    var replacedBuiltIn: String?
}
