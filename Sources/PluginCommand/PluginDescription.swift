package import Catalog
internal import GRPC
internal import JSON
package import Plugin
package import Settings
internal import Unix
internal import YAML

/// What is told of a plugin: groups of names with their texts.
///
/// Values of the configuration are not in it, for they may be secrets.
package struct PluginDescription: Sendable {
    private var groups: [(title: String, lines: [(name: String, text: String)])] = []

    package init(_ plugin: Listed) {
        groups.append(("", Self.about(plugin)))
        let settings = Self.settings(of: plugin)
        if !settings.isEmpty { groups.append(("settings", settings)) }
    }

    private static func about(_ plugin: Listed) -> [(name: String, text: String)] {
        let manifest = plugin.manifest
        var lines: [(String, String?)] = [
            ("name", plugin.name), ("kind", plugin.kind?.rawValue),
            ("version", manifest.map { "\($0.version)" }), ("description", manifest?.description),
            ("author", manifest?.author), ("license", manifest?.license),
            ("homepage", manifest?.homepage), ("repository", manifest?.repositoryURL),
            ("documentation", manifest?.documentationURL),
            ("needs hector", manifest?.hectorVersion?.text),
            ("capabilities", manifest.flatMap { list($0.capabilities) }),
            ("from", plugin.origin.rawValue),
        ]
        switch plugin.location {
        case .executable(let path)?: lines.append(("path", path))
        case .socket(let address)?: lines.append(("socket", address))
        case nil: break
        }
        lines.append(("manifest", manifest?.file))
        if let entry = plugin.settings {
            let place = entry.place.error("")
            lines.append(("entry", "\(entry.place.name), \(place.file):\(place.mark.line)"))
            lines.append(("mtls", entry.mtls.map { "\($0)" }))
            lines.append(("checksum", entry.checksum.map { "sha256:\($0)" }))
        }
        lines.append(("status", plugin.status.rawValue))
        lines += plugin.problems.map { ("problem", $0) }
        lines += plugin.warnings.map { ("warning", $0) }
        return lines.compactMap { name, text in text.map { (name, $0) } }
    }

    /// Each setting that the plugin takes, and each that it is given.
    private static func settings(of plugin: Listed) -> [(name: String, text: String)] {
        let schema = plugin.manifest?.schema
        let given = plugin.settings?.configuration ?? []
        let known = schema?.names ?? []
        var lines: [(name: String, text: String)] = []
        for name in known + given.map(\.key).filter({ !known.contains($0) }) {
            var parts: [String] = []
            if schema?.required.contains(name) == true {
                parts.append("required")
            } else if known.contains(name) {
                parts.append("optional")
            } else if schema != nil {
                parts.append("unknown to the plugin")
            }
            if let standard = schema?.defaults[name] { parts.append("default \(standard)") }
            if let setting = given.first(where: { $0.key == name }) {
                let mark = setting.place.mark
                parts.append("set in line \(mark.line)")
            }
            lines.append((name, parts.joined(separator: ", ")))
        }
        return lines
    }

    /// Adds what the plugin says of itself when it runs.
    package mutating func addAnswers(
        of plugin: Plugin, _ kind: Kind, timeout: Duration
    ) async throws(PluginError) {
        let answers = try await plugin.describeItself(timeout: timeout)
        var lines: [(name: String, text: String)] = [
            ("status", answers.status),
            ("health", answers.isHealthy ? "good" : "bad: \(answers.healthMessage)"),
        ]
        lines += answers.manifest.map { ("manifest \($0.name)", $0.text) }
        if let capabilities = Self.list(answers.capabilities) {
            lines.append(("manifest capabilities", capabilities))
        }
        lines += try await Self.answers(of: plugin, kind, timeout)
        groups.append(("running", lines))
    }

    private static func answers(
        of plugin: Plugin, _ kind: Kind, _ timeout: Duration
    ) async throws(PluginError) -> [(name: String, text: String)] {
        switch kind {
        case .embedderProvider:
            let info = try await Embedder(plugin, timeout: timeout).info()
            return [("model", info.modelName), ("dimension", "\(info.dimension)")]
        case .llmProvider:
            let info = try await LLM(plugin, timeout: timeout).info()
            return [
                ("model", info.modelName), ("max tokens", "\(info.maxTokens)"),
                ("temperature", "\(info.temperature)"),
            ]
        case .reasoningStrategy:
            let info = try await Reasoning(plugin, timeout: timeout).info()
            return [("strategy", info.name), ("about", info.description)]
        case .toolProvider:
            return try await Tools(plugin, timeout: timeout).list().map {
                ("tool \($0.name)", String($0.description.prefix { !$0.isNewline }))
            }
        case .databaseProvider:
            return []
        }
    }

    private static func list(_ capabilities: [String: String]) -> String? {
        if capabilities.isEmpty { return nil }
        return capabilities.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: " ")
    }

    /// Prints it for people, or as a JSON object.
    package func print(asJSON: Bool) throws {
        if asJSON {
            try writeToStandardOutput("\(json)\n")
            return
        }
        var rows: [[String]] = []
        for (title, lines) in groups {
            if !title.isEmpty { rows.append(["\(title):"]) }
            let margin = title.isEmpty ? "" : "    "
            rows += lines.map { [margin + "\(VisibleText($0.name))", "\(VisibleText($0.text))"] }
        }
        try writeToStandardOutput(aligned(rows))
    }

    /// Lines of the same name become an array.
    private var json: Value {
        var members = Members()
        for (title, lines) in groups {
            var group = title.isEmpty ? members : Members()
            for name in lines.map(\.name).uniqued() {
                let texts = lines.filter { $0.name == name }.map { Value.string($0.text) }
                let key = name.replacing(" ", with: "_")
                group.append(key, texts.count == 1 ? texts[0] : .array(texts))
            }
            if title.isEmpty { members = group } else { members.append(title, .object(group)) }
        }
        return .object(members)
    }
}

extension [String] {
    /// Each once, in the order of the first.
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
