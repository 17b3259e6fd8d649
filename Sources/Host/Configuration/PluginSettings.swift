import YAML

/// An entry under `plugins:`.
package struct PluginSettings: Sendable {
    package let name: String
    package let kind: Kind
    package let place: Place

    /// The executable. Nil with no socket either: the discovered or built-in
    /// plugin of this name.
    package let path: Text?

    /// Where a plugin that is already running listens.
    package let socket: Text?

    package let isEnabled: Bool

    /// True if a run ends without this plugin, rather than going on without its tools.
    package let isRequired: Bool

    /// In the order written.
    package let configuration: [ConfigurationValue]

    /// Nil: as the kind of connection asks.
    package let mtls: Bool?

    /// What the executable's SHA-256 must be: 64 lower-case hexadecimal digits.
    package let checksum: String?

    private enum Connection: String, CaseIterable { case grpc }

    init(_ entry: Node.Entry, name: String, kind: Kind, _ inspector: Inspector) {
        self.name = entry.key
        self.kind = kind
        place = inspector.place(name, entry.mark)
        let fields = inspector.fields(
            of: entry.value, name: name,
            keys: ["type", "path", "socket", "enabled", "config", "mtls", "checksum", "required"])
        let _: Connection? = fields.choice("type")
        path = fields.text("path")
        socket = fields.text("socket")
        isEnabled = fields.boolean("enabled") ?? true
        isRequired = fields.boolean("required") ?? false
        mtls = fields.boolean("mtls")
        checksum = PluginSettings.checksum(fields, inspector)

        var problems: [YAMLError] = []
        configuration = fields.entries("config").map { setting in
            ConfigurationValue(
                setting.entry.key, setting.entry.value,
                at: inspector.place(setting.name, setting.entry.mark), gathering: &problems)
        }
        problems.forEach(inspector.report)

        // A plugin that runs already was neither launched nor checked by Hector.
        for key in ["path", "mtls", "checksum"] where socket != nil {
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
