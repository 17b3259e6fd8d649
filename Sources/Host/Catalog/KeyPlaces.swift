import Configuration
import Keys
import YAML

/// The settings of a plugin that are given as the places of their values: `api_key_file`,
/// `api_key_command`, and the same for any other secret setting of its manifest.
struct KeyPlaces {
    private let catalog: Catalog
    private let schema: ConfigurationSchema?
    var sources: [String: KeySource] = [:]

    /// The keys with which the sources of an entry are written.
    private var written: [String: String] = [:]

    init(_ catalog: Catalog, _ schema: ConfigurationSchema?) {
        (self.catalog, self.schema) = (catalog, schema)
    }

    private enum Form { case file, command }

    /// True if a key of the configuration or the command line is the place of another setting.
    func isPlace(_ key: String) -> Bool { Self.target(of: key, schema) != nil }

    /// Returns the setting whose value is at the place that a key names; nil for a setting of the
    /// plugin itself.
    static func target(of key: String, _ schema: ConfigurationSchema?) -> String? {
        form(key, schema)?.name
    }

    private static func form(
        _ key: String, _ schema: ConfigurationSchema?
    ) -> (name: String, form: Form)? {
        for (suffix, form) in [("_file", Form.file), ("_command", .command)]
        where key.hasSuffix(suffix) {
            let name = String(key.dropLast(suffix.count))
            let names = schema?.names ?? []
            guard Settings.isSecret(name), !names.contains(key),
                name == "api_key" || names.contains(name)
            else { continue }
            return (name, form)
        }
        return nil
    }

    /// Adds the places that options name. Paths start at the working directory.
    mutating func add(_ options: [String: String]) {
        for (key, value) in options {
            guard let (name, form) = Self.form(key, schema), options[name] == nil else { continue }
            sources[name] = source(form, value, words: nil, in: catalog.workingDirectory)
        }
    }

    /// Adds the places that an entry names, unless an option replaces them. Paths start at the
    /// directory of the configuration.
    mutating func add(
        _ entry: PluginSettings, _ options: [String: String], _ problems: inout [YAMLError]
    ) {
        let directory = catalog.settings?.directory ?? catalog.workingDirectory
        for setting in entry.keys.prefix(1) + entry.configuration {
            guard let (name, form) = Self.form(setting.key, schema) ?? own(setting, of: entry),
                options[name] == nil, written[name] != nil || sources[name] == nil
            else { continue }
            if written[name] != nil {
                reportTwice(setting, options, &problems, name)
                continue
            }
            let words = setting.words(in: catalog.environment, gathering: &problems)
            guard setting.isScalar || form == .command && words != nil else {
                problems.append(
                    setting.place.error(
                        "'\(setting.place.name)' is no place of a key, expected "
                            + (form == .file
                                ? "the path of a file" : "a command line or a list of words")))
                continue
            }
            let text =
                words == nil
                ? setting.value(in: catalog.environment, gathering: &problems) : ""
            sources[name] = source(form, text, words: words, in: directory)
            written[name] = setting.key
        }
    }

    /// The keys of an entry itself are never the plugin's.
    private func own(
        _ setting: ConfigurationValue, of entry: PluginSettings
    ) -> (name: String, form: Form)? {
        guard entry.keys.contains(where: { $0.place.mark == setting.place.mark }) else {
            return nil
        }
        return ("api_key", setting.key == "api_key_file" ? .file : .command)
    }

    /// Reports a setting whose value has another place, too.
    func reportTwice(
        _ setting: ConfigurationValue, _ options: [String: String],
        _ problems: inout [YAMLError], _ name: String? = nil
    ) {
        // The place on the command line is meant to replace it.
        guard let other = written[name ?? setting.key] else { return }
        problems.append(
            setting.place.error(
                "'\(setting.place.name)' and '\(other)' both give '\(name ?? setting.key)', "
                    + "expected one of them"))
    }

    private func source(
        _ form: Form, _ text: String, words: [String]?, in directory: String
    ) -> KeySource {
        switch form {
        case .file: .file(catalog.absolute(text, in: directory))
        case .command: .command(KeyCommand(words.map { .words($0) } ?? .shell(text), in: directory))
        }
    }

    /// Adds the secret settings that a variable can replace, if only the user's store has a key of
    /// that name.
    mutating func addStored(_ schema: ConfigurationSchema?, known: [String: String]) {
        let store = KeyStore(environment: catalog.environment)
        for (name, description) in schema?.settings ?? [:] {
            guard let variable = description.variable, Settings.isSecret(name),
                known[name] == nil, sources[name] == nil,
                catalog.environment[variable]?.isEmpty != false, store.has(variable)
            else { continue }
            sources[name] = .stored([variable]) { $0[variable] ?? "" }
        }
    }
}
