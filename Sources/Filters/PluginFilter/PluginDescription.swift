package import Catalog
package import Configuration
internal import FilterKit
internal import JSON
internal import PluginFilterKit
package import PluginHost
internal import PluginLock
internal import Text
internal import Unix
internal import YAML

/// A description of a plugin: a JSON object, or columns for people.
///
/// It does not contain the values of the configuration, as these may be secrets.
package struct PluginDescription: Sendable {
    private var members = Members()

    package init(_ plugin: ListedPlugin) {
        addManifest(plugin)
        add("origin", plugin.origin.rawValue)
        switch plugin.location {
        case .executable(let path)?: add("path", path)
        case .socket(let address)?: add("socket", address)
        case nil: break
        }
        add("manifest", plugin.manifest?.file)
        if let entry = plugin.settings {
            let place = entry.place.error("")
            add("entry", "\(place.file):\(place.mark.line)")
            if let mtls = entry.mtls { members.append("mtls", .bool(mtls)) }
            add("checksum", entry.checksum.map { "sha256:\($0)" })
        }
        if let confinement = plugin.confinement {
            members.append("confinement", .object(Self.members(of: confinement)))
        }
        if let installed = plugin.installed { add(installed) }
        add("status", plugin.status.rawValue)
        add("problems", plugin.problems)
        add("warnings", plugin.warnings)
        let settings = Self.settings(of: plugin)
        if !settings.isEmpty { members.append("settings", .array(settings)) }
    }

    private mutating func add(_ installed: LockedPlugin) {
        var lock: Members = [
            "name": .string(installed.name), "source": .string(installed.source),
            "checksum": .string(installed.checksum), "time": .string(installed.installed),
        ]
        if let digest = installed.digest { lock.append("digest", .string(digest)) }
        if let key = installed.key {
            lock.append("signed_by", .string(PackageDescription.fingerprint(key)))
        }
        members.append("installed", .object(lock))
    }

    private mutating func addManifest(_ plugin: ListedPlugin) {
        let manifest = plugin.manifest
        add("name", plugin.name)
        add("kind", plugin.kind?.rawValue)
        add("version", manifest.map { "\($0.version)" })
        add("description", manifest?.description)
        add("author", manifest?.author)
        add("license", manifest?.license)
        add("homepage", manifest?.homepage)
        add("repository_url", manifest?.repositoryURL)
        add("documentation_url", manifest?.documentationURL)
        add("hector_version", manifest?.hectorVersion?.text)
        if let capabilities = manifest?.capabilities, !capabilities.isEmpty {
            members.append("capabilities", object(capabilities))
        }
    }

    /// Returns the limits that a plugin is started with, and what of them the kernel keeps.
    private static func members(of confinement: PluginConfinement) -> Members {
        let limits: Confinement
        switch confinement {
        case .none(let reason): return ["confined": false, "reason": .string(reason.rawValue)]
        case .limits(let found): limits = found
        }
        func list(_ texts: [String]) -> Value { .array(texts.map { .string($0) }) }
        func texts<Element>(
            _ allowed: Confinement.Allowed<Element>, all: String, _ text: (Element) -> String
        ) -> [String] {
            switch allowed {
            case .all: [all]
            case .only(let elements): elements.map(text)
            }
        }
        let connections =
            texts(limits.ports, all: "*") { "port \($0)" }
            + texts(limits.sockets, all: "unix:*") { "unix:\($0)" }
        let support = limits.support
        return [
            "confined": .bool(limits.unmet.isEmpty),
            "read": list(limits.readable), "write": list(limits.writable),
            "connect": list(connections), "exec": list(texts(limits.programs, all: "*") { $0 }),
            "kernel": [
                "landlock": .number("\(support.landlock)"), "seccomp": .bool(support.hasFilters),
            ],
            "not_kept": list(limits.unmet),
        ]
    }

    /// Returns each setting that the plugin takes, and each that it is given.
    private static func settings(of plugin: ListedPlugin) -> [Value] {
        let schema = plugin.manifest?.schema
        let given = plugin.settings?.configuration.map(\.key) ?? []
        let known = schema?.names ?? []
        return (known + given.filter { !known.contains($0) }).map { name in
            let described = schema?.settings[name]
            var setting: Members = ["name": .string(name)]
            if let type = described?.type { setting.append("type", .string(type)) }
            if known.contains(name) {
                setting.append("required", .bool(schema?.required.contains(name) ?? false))
            } else if schema != nil {
                setting.append("unknown", true)
            }
            if let standard = schema?.defaults[name] ?? described?.standard {
                setting.append("default", .string(Settings.masked(standard, of: name)))
            }
            if let variable = described?.variable {
                setting.append("environment", .string(variable))
            }
            setting.append("configured", .bool(given.contains(name)))
            if plugin.lacking.contains(where: { $0.name == name }) {
                setting.append("lacking", true)
            }
            if let meaning = described?.meaning { setting.append("description", .string(meaning)) }
            return .object(setting)
        }
    }

    /// Adds the plugin's description of itself while it runs.
    package mutating func addAnswers(
        of plugin: Plugin, _ kind: Kind, timeout: Duration
    ) async throws(PluginError) {
        let answers = try await plugin.describeItself(timeout: timeout)
        var running: Members = [
            "status": .string(answers.status), "healthy": .bool(answers.isHealthy),
        ]
        if !answers.healthMessage.isEmpty {
            running.append("health_message", .string(answers.healthMessage))
        }
        var manifest = Members(answers.manifest.map { ($0.name, .string($0.text)) })
        if !answers.capabilities.isEmpty {
            manifest.append("capabilities", object(answers.capabilities))
        }
        running.append("manifest", .object(manifest))
        for (key, value) in try await Self.answers(of: plugin, kind, timeout) {
            running.append(key, value)
        }
        members.append("running", .object(running))
    }

    private static func answers(
        of plugin: Plugin, _ kind: Kind, _ timeout: Duration
    ) async throws(PluginError) -> Members {
        switch kind {
        case .embedderProvider:
            let info = try await Embedder(plugin, timeout: timeout).info()
            return ["model": .string(info.modelName), "dimension": .number("\(info.dimension)")]
        case .llmProvider:
            let info = try await LLM(plugin, timeout: timeout).info()
            return [
                "model": .string(info.modelName), "max_tokens": .number("\(info.maxTokens)"),
                "temperature": info.temperature.isFinite ? .number("\(info.temperature)") : .null,
            ]
        case .rerankerProvider:
            let info = try await Reranker(plugin, timeout: timeout).info()
            return ["model": .string(info.modelName), "max_tokens": .number("\(info.maxTokens)")]
        case .reasoningStrategy:
            let info = try await Strategy(plugin, timeout: timeout).info()
            return ["strategy": ["name": .string(info.name), "about": .string(info.description)]]
        case .toolProvider:
            let tools = try await Tools(plugin, timeout: timeout).list()
            return [
                "tools": .array(
                    tools.map {
                        ["name": .string($0.name), "description": .string($0.description)]
                    })
            ]
        case .databaseProvider:
            return [:]
        }
    }

    /// Prints the description in columns for people, or as a line of JSON.
    package func print(asJSON: Bool) throws {
        try writeToStandardOutput(
            asJSON ? "\(Value.object(members))\n" : aligned(rows(of: members, margin: "")))
    }

    private mutating func add(_ key: String, _ text: String?) {
        if let text { members.append(key, .string(text)) }
    }

    private mutating func add(_ key: String, _ texts: [String]) {
        if !texts.isEmpty { members.append(key, .array(texts.map { .string($0) })) }
    }
}

private func object(_ texts: [String: String]) -> Value {
    .object(Members(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
}

/// Returns names with their texts, and below the name of a group those of its members.
private func rows(of members: Members, margin: String) -> [[String]] {
    members.flatMap { key, value -> [[String]] in
        let label = margin + "\(VisibleText(key.replacing("_", with: " ")))"
        switch value {
        case .object(let group):
            return [["\(label):"]] + rows(of: group, margin: margin + "  ")
        case .array(let elements) where elements.contains { $0.object != nil }:
            return [["\(label):"]]
                + elements.map { element in
                    let name = VisibleText(element["name"]?.string ?? "")
                    return ["\(margin)  \(name)", note(on: element.object ?? [:])]
                }
        case .array([]):
            return [[label, "nothing"]]
        case .array(let elements):
            return elements.map { [label, text($0)] }
        default:
            return [[label, text(value)]]
        }
    }
}

/// Returns the note that follows a name: `required, default 3, configured`.
private func note(on members: Members) -> String {
    let parts = members.compactMap { key, value -> String? in
        switch (key, value) {
        case ("name", _): nil
        case ("type", _): text(value)
        case ("required", .bool(let isRequired)): isRequired ? "required" : "optional"
        case ("lacking", true): "needed"
        case (_, .bool(let isTrue)): isTrue ? key : nil
        case ("environment", _): "or $\(text(value))"
        case ("description", _): nil
        default: "\(key) \(text(value))"
        }
    }
    // For a tool, which has nothing except a name, the note is the beginning of its description.
    let meaning = members["description"].map { text($0) }
    let longest = parts.isEmpty ? 70 : 200
    return ([parts.joined(separator: ", "), meaning.map { String($0.prefix(longest)) } ?? ""])
        .filter { !$0.isEmpty }.joined(separator: ": ")
}

private func text(_ value: Value) -> String {
    switch value {
    case .string(let text): "\(VisibleText(text.prefix { !$0.isNewline }))"
    default: "\(value)"
    }
}
