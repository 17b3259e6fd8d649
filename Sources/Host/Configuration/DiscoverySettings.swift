/// Where plugins are looked for that the file does not list.
package struct DiscoverySettings: Sendable {
    package let isEnabled: Bool

    /// Nil: the standard places.
    package let paths: [Text]?

    package let scansSubdirectories: Bool

    /// What holds where the file, or no file, says nothing else.
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
