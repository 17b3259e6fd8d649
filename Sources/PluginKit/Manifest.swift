/// What a plugin says of itself when it is asked.
///
/// The host goes by the file `NAME.plugin.yaml` beside the executable, which it can read without
/// starting the plugin. The kind is not here: it follows from the protocols that the plugin
/// conforms to.
public struct Manifest: Equatable, Sendable {
    public var name: String

    /// A semantic version, such as `1.2.0`.
    public var version: String

    public var author: String
    public var description: String

    /// The versions of Hector it works with, such as `>=0.1.0,<2.0.0`. Empty means any.
    public var hectorVersion: String

    public var capabilities: [String: String]

    /// The settings that the file has under `config_schema.required`. Without one of them, or with
    /// an empty one, the plugin is not configured and its host is told so.
    public var requiredSettings: [String]

    public init(
        name: String, version: String, author: String = "", description: String = "",
        hectorVersion: String = "", capabilities: [String: String] = [:],
        requiredSettings: [String] = []
    ) {
        self.name = name
        self.version = version
        self.author = author
        self.description = description
        self.hectorVersion = hectorVersion
        self.capabilities = capabilities
        self.requiredSettings = requiredSettings
    }
}
