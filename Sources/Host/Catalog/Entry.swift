import Configuration
import Text
import YAML

extension Catalog {
    /// Makes the entry of a plugin and checks everything that can be checked before it starts.
    func entry(
        _ plugin: KnownPlugin, _ options: [String: String]
    ) throws(CatalogError) -> PluginEntry {
        if case .executable(let path) = plugin.location {
            do throws(CatalogError) { try checkExecutable(path) } catch {
                throw error.at(plugin.place)
            }
        }
        if let range = plugin.manifest?.hectorVersion, !range.contains(hostVersion) {
            throw CatalogError(
                "the plugin '\(plugin.name)' needs Hector \(range.text), this is \(hostVersion)"
            ).at(plugin.settings?.place)
        }
        let configuration = try configuration(of: plugin, options)
        let named = Set(options.keys).union(plugin.settings?.configuration.map(\.key) ?? [])
        var entry = PluginEntry(
            name: plugin.name, kind: plugin.kind, location: plugin.location,
            configuration: configuration,
            requested: configuration.filter { named.contains($0.key) }, manifest: plugin.manifest,
            mtls: plugin.settings?.mtls, checksum: plugin.settings?.checksum,
            isRequired: plugin.settings?.isRequired ?? false)
        entry.replacement = replacement(by: plugin)
        return entry
    }

    private func replacement(by plugin: KnownPlugin) -> String? {
        guard let builtIn = plugin.replacedBuiltIn, case .executable(let path) = plugin.location
        else { return nil }
        return "the plugin '\(plugin.manifest?.name ?? plugin.name)' is '\(path)', "
            + "not the built-in '\(builtIn)'; name one of these paths to choose"
    }

    /// - Throws: An error that names every setting that is missing, unknown or without a value.
    private func configuration(
        of plugin: KnownPlugin, _ options: [String: String]
    ) throws(CatalogError) -> [String: String] {
        let schema = plugin.manifest?.schema
        let given = plugin.settings?.configuration ?? []
        var configuration = schema?.defaults ?? [:]
        var problems: [YAMLError] = []
        for setting in given where options[setting.key] == nil {
            configuration[setting.key] = setting.value(in: environment, gathering: &problems)
        }
        configuration.merge(options) { _, option in option }
        var messages: [String] = []
        if let schema {
            let names = schema.names
            for setting in given where !names.contains(setting.key) {
                problems.append(
                    setting.place.error(unknown(setting.key, of: plugin.name, names)))
            }
            for key in options.keys.sorted()
            where !names.contains(key) && !given.contains(where: { $0.key == key }) {
                messages.append(unknown(key, of: plugin.name, names))
            }
            // A plugin that runs already has its settings, which need not be known here.
            for key in plugin.location.isRunning ? [] : schema.required {
                let isNull = given.contains { $0.key == key && $0.isNull } && options[key] == nil
                guard configuration[key] == nil || isNull else { continue }
                let problem = "the plugin '\(plugin.name)' needs the setting '\(key)'"
                if let place = plugin.settings?.place {
                    problems.append(place.error("\(problem), expected it under 'config'"))
                } else {
                    messages.append("\(problem), expected -o \(key)=VALUE or it in hector.yaml")
                }
            }
        }
        let isLackOfSettings = plugin.settings == nil && options.isEmpty
        messages = problems.sorted { $0.mark < $1.mark }.map { "\($0)" } + messages
        if !messages.isEmpty {
            throw CatalogError(
                messages.joined(separator: "\n"), isLackOfSettings: isLackOfSettings)
        }
        return configuration
    }

    private func unknown(_ key: String, of plugin: String, _ names: [String]) -> String {
        "unknown setting '\(key)' for the plugin '\(plugin)', \(expectation(of: key, among: names))"
    }
}
