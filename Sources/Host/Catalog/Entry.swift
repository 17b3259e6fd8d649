import Configuration
import Keys
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
        let (configuration, keys) = try configuration(of: plugin, options)
        let named = Set(options.keys).union(plugin.settings?.configuration.map(\.key) ?? [])
        var entry = PluginEntry(
            name: plugin.name, kind: plugin.kind, location: plugin.location,
            configuration: configuration, keys: keys,
            requested: configuration.filter { named.contains($0.key) }, manifest: plugin.manifest,
            mtls: plugin.settings?.mtls, checksum: plugin.settings?.checksum,
            confinement: try confinement(of: plugin, configuration),
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

    /// Returns the settings of a plugin, and the places of those that are fetched when it is started.
    ///
    /// - Throws: An error that names every setting that is missing, unknown or without a value.
    private func configuration(
        of plugin: KnownPlugin, _ options: [String: String]
    ) throws(CatalogError) -> ([String: String], [String: KeySource]) {
        let schema = plugin.manifest?.schema
        let given = plugin.settings?.configuration ?? []
        var problems: [YAMLError] = []
        var keys = KeyPlaces(self, schema)
        keys.add(options)
        if let settings = plugin.settings { keys.add(settings, options, &problems) }
        var configuration = schema?.defaults ?? [:]
        for setting in given where options[setting.key] == nil && !keys.isPlace(setting.key) {
            if keys.sources[setting.key] != nil {
                keys.reportTwice(setting, options, &problems)
            } else if let source = stored(setting, &problems) {
                keys.sources[setting.key] = source
                // What it is apart from the key, which shapes the answers of the plugin.
                if !Settings.isSecret(setting.key) {
                    var unset: [YAMLError] = []
                    configuration[setting.key] = setting.value(in: environment, gathering: &unset)
                }
            } else {
                configuration[setting.key] = setting.value(in: environment, gathering: &problems)
            }
        }
        for (name, option) in options where !keys.isPlace(name) { configuration[name] = option }
        if !plugin.location.isRunning { keys.addStored(schema, known: configuration) }

        var messages: [String] = []
        if let schema {
            let names = schema.names
            for setting in given where !names.contains(setting.key) && !keys.isPlace(setting.key) {
                problems.append(
                    setting.place.error(unknown(setting.key, of: plugin.name, names)))
            }
            let extra = options.keys.filter { !keys.isPlace($0) } + keys.sources.keys
            for key in Set(extra).sorted()
            where !names.contains(key) && !given.contains(where: { $0.key == key }) {
                messages.append(unknown(key, of: plugin.name, names))
            }
            // A plugin that runs already has its settings, which need not be known here.
            for key in plugin.location.isRunning ? [] : schema.required {
                let isNull = given.contains { $0.key == key && $0.isNull } && options[key] == nil
                guard keys.sources[key] == nil, configuration[key] == nil || isNull else {
                    continue
                }
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
        return (configuration, keys.sources)
    }

    /// Returns the source of a setting with variables that are not in the environment and are keys
    /// of the user's store; nil if there are none.
    private func stored(_ setting: ConfigurationValue, _ problems: inout [YAMLError]) -> KeySource?
    {
        let unset = setting.unset(in: environment)
        if unset.isEmpty { return nil }
        let store = KeyStore(environment: environment)
        let names = unset.filter(store.has).sorted()
        if names.isEmpty { return nil }
        let standIns = Dictionary(uniqueKeysWithValues: names.map { ($0, "-") })
        // Other variables may be missing, too.
        _ = setting.value(in: environment.merging(standIns) { $1 }, gathering: &problems)
        return .stored(names) { [environment] values in
            var missing: [YAMLError] = []
            return setting.value(
                in: environment.merging(values) { $1 }, gathering: &missing)
        }
    }

    private func unknown(_ key: String, of plugin: String, _ names: [String]) -> String {
        "unknown setting '\(key)' for the plugin '\(plugin)', \(expectation(of: key, among: names))"
    }
}
