/// The settings for the search for plugins that the file does not list.
package struct DiscoverySettings: Sendable {
    package let isEnabled: Bool

    /// The paths; nil for the standard ones.
    package let paths: [Text]?

    package let scansSubdirectories: Bool

    /// The paths that apply if there is no file or it does not have any.
    package static let standardPaths = [
        "./plugins", "~/.hector/plugins", "/usr/local/hector/plugins",
    ]

    init(_ fields: Fields) {
        isEnabled = fields.boolean("enabled") ?? true
        paths = fields.texts("paths")
        scansSubdirectories = fields.boolean("scan_subdirectories") ?? true
    }

    static let keys = ["enabled", "paths", "scan_subdirectories"]
}
