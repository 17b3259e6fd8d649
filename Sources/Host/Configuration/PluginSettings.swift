import YAML

/// An entry under `plugins:`.
package struct PluginSettings: Sendable {
    package let name: String
    package let kind: Kind
    package let place: Place

    /// The executable. If this and the socket are nil, the discovered or built-in plugin with this
    /// name is used.
    package let path: Text?

    /// The address of a plugin that is already running.
    package let socket: Text?

    package let isEnabled: Bool

    /// True if a run fails without this plugin, instead of going on without its tools.
    package let isRequired: Bool

    /// The settings in the order written.
    package let configuration: [ConfigurationValue]

    /// The places of keys: `api_key_file` or `api_key_command`.
    package let keys: [ConfigurationValue]

    /// True for mutual TLS, false for none; nil for the default of the kind of connection.
    package let mtls: Bool?

    /// The required SHA-256 of the executable: 64 lower-case hexadecimal digits.
    package let checksum: String?

    /// The limits of the plugin; nil for those that its manifest declares.
    package let confine: ConfineSetting?

    /// The keys of an entry that say where its `api_key` is.
    private static let keyNames = ["api_key_file", "api_key_command"]

    private enum Connection: String, CaseIterable { case grpc }

    init(_ entry: Node.Entry, name: String, kind: Kind, _ inspector: Inspector) {
        self.name = entry.key
        self.kind = kind
        place = inspector.place(name, entry.mark)
        let fields = inspector.fields(
            of: entry.value, name: name,
            keys: [
                "type", "path", "socket", "enabled", "config", "mtls", "checksum", "required",
                "confine",
            ] + Self.keyNames)
        let _: Connection? = fields.choice("type")
        path = fields.text("path")
        socket = fields.text("socket")
        isEnabled = fields.boolean("enabled") ?? true
        isRequired = fields.boolean("required") ?? false
        mtls = fields.boolean("mtls")
        checksum = PluginSettings.checksum(fields, inspector)
        confine = ConfineSetting(fields, inspector)

        var problems: [YAMLError] = []
        configuration = fields.entries("config").map { setting in
            ConfigurationValue(
                setting.entry.key, setting.entry.value,
                at: inspector.place(setting.name, setting.entry.mark), gathering: &problems)
        }
        keys = Self.keyNames.compactMap { key in
            fields.node(key).map { node in
                ConfigurationValue(
                    key, node, at: inspector.place(fields.name(of: key), node.mark),
                    gathering: &problems)
            }
        }
        problems.forEach(inspector.report)
        if keys.count == 2 {
            inspector.report(
                "'\(name)' has 'api_key_file' and 'api_key_command', expected one of them",
                at: fields.node("api_key_command")?.mark ?? entry.mark)
        }

        // Hector neither launches nor checks a plugin that runs already.
        for key in ["path", "mtls", "checksum", "confine"] where socket != nil {
            guard let node = fields.node(key) else { continue }
            inspector.report(
                "'\(name)' has a socket and '\(key)', which is for a plugin that is started, "
                    + "expected one of them", at: node.mark)
        }
        if entry.key.isEmpty || entry.key.contains("/") {
            let problem = "'\(entry.key)' names a plugin, expected a name without '/'"
            inspector.report(problem, at: entry.mark)
        }
    }

    private static func checksum(_ fields: Fields, _ inspector: Inspector) -> String? {
        guard let node = fields.node("checksum") else { return nil }
        let text = node.scalar?.text.lowercased() ?? ""
        let digits = text.dropFirst("sha256:".count)
        if text.hasPrefix("sha256:"), digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit) {
            return String(digits)
        }
        inspector.mismatch(
            node, fields.name(of: "checksum"), expected: "sha256: and 64 hexadecimal digits")
        return nil
    }
}
