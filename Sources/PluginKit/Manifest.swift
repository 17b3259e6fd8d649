/// The description that a plugin gives of itself when asked.
///
/// The host relies on the file `NAME.plugin.yaml` beside the executable, which it can read without
/// starting the plugin. The kind is not in this type: it follows from the protocols to which the
/// plugin conforms.
public struct Manifest: Equatable, Sendable {
    public var name: String

    /// A semantic version, such as `1.2.0`.
    public var version: String

    public var author: String
    public var description: String

    /// The versions of Hector that it works with, such as `>=0.1.0,<2.0.0`. Empty means any.
    public var hectorVersion: String

    public var capabilities: [String: String]

    /// The settings that the file has under `config_schema.required`. If one of them is missing or
    /// empty, the plugin is not configured and the host gets an error.
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
