internal import Catalog
internal import Configuration
internal import Documents
internal import FilterKit
internal import OpenSSL
internal import Unix
internal import YAML

/// A document store's entry in the configuration, with the values of its variables.
struct StoreConfiguration {
    let entry: DocumentStore
    let settings: Settings
    let environment: [String: String]

    func collection() throws(SettingsError) -> String {
        guard let collection = entry.collection else { return entry.name }
        return try nonempty(collection)
    }

    func source() throws -> Store.Source {
        if let command = entry.command {
            return .command(try nonempty(command), directory: settings.directory)
        }
        guard let text = entry.path else {
            throw Failure(.configuration, "document store '\(entry.name)' has no path")
        }
        _ = try nonempty(text)
        return Store.Source(
            path: try settings.path(text, environment: environment),
            Selection(
                include: try entry.includePatterns?.map { try $0.value(in: environment) },
                exclude: try entry.excludePatterns.map { try $0.value(in: environment) },
                maxFileSize: entry.maxFileSize,
                extractors: Selection.Extractors(
                    patterns: try extractors().map(\.pattern),
                    maxFileSize: entry.extractorMaxFileSize,
                    recognizesText: entry.recognizesText)))
    }

    func extractors() throws -> [Store.Extractor] {
        try entry.extractors.compactMap { extractor in
            let command = try extractor.command.value(in: environment)
            return Pattern(extractor.pattern.utf8, ignoresCase: true).map {
                Store.Extractor(pattern: $0, command: command)
            }
        }
    }

    /// Returns the name or the path of a plugin; nil for the default plugin. A path is relative to
    /// the configuration's folder.
    func plugin(_ text: Text?) throws -> String? {
        guard let text else { return nil }
        let name = try text.value(in: environment)
        return name.contains("/") ? try settings.path(text, environment: environment) : name
    }

    // MARK: Identity

    func embedderFingerprint() throws -> String {
        try fingerprint(
            entry.embedder ?? settings.defaults[.embedderProvider], .embedderProvider)
    }

    func databaseFingerprint() throws -> String {
        try fingerprint(try database(), .databaseProvider)
    }

    func extractorsFingerprint() throws -> String {
        // A program that is installed now may read what was skipped.
        let lines =
            try entry.extractors.map {
                "\($0.pattern)\n\(try $0.command.value(in: environment))"
            } + Extraction.installed + ["ocr \(entry.recognizesText)"]
        return SHA256.hex(of: Array(lines.joined(separator: "\n").utf8))
    }

    /// Returns the folder of the collection's state, which is the same for all stores of one
    /// collection.
    func stateFolder(of collection: String) throws -> String {
        guard let base = BaseDirectories(environment: environment).state else {
            throw Failure(.configuration, "cannot find a place for the state: HOME is not set")
        }
        let database = try database()?.value(in: environment) ?? ""
        let entries = settings.plugins[.databaseProvider] ?? []
        let isEntry =
            database.isEmpty ? !entries.isEmpty : entries.contains { $0.name == database }
        // The name of an entry is unique only within its configuration.
        let identity = [isEntry ? settings.directory : "", database, collection]
        let digest = SHA256.hex(of: Array(identity.joined(separator: "\n").utf8)).prefix(12)
        return "\(base)/hector/index/\(Self.fileName(collection))-\(digest)"
    }

    /// Returns the database; nil for the default database, even if the configuration names it.
    private func database() throws(SettingsError) -> Text? {
        let named = entry.database ?? settings.defaults[.databaseProvider]
        guard let named, settings.plugins[.databaseProvider]?.isEmpty ?? true else { return named }
        let isStandard =
            try named.value(in: environment) == BuiltIn.standard(for: .databaseProvider)
        return isStandard ? nil : named
    }

    /// Returns a digest of a plugin's settings without secrets, so that a new key does not change
    /// it.
    private func fingerprint(_ text: Text?, _ kind: Kind) throws -> String {
        let name = try text?.value(in: environment)
        var parts = [name ?? ""]
        for plugin in settings.plugins[kind] ?? [] where name == nil || plugin.name == name {
            parts += [plugin.name, plugin.path?.written ?? "", plugin.socket?.written ?? ""]
            // A setting without a value is reported by the filter that needs it.
            var problems: [YAMLError] = []
            for setting in plugin.configuration where !Settings.isSecret(setting.key) {
                parts += [setting.key, setting.value(in: environment, gathering: &problems)]
            }
        }
        return SHA256.hex(of: Array(parts.joined(separator: "\n").utf8))
    }

    private static func fileName(_ name: String) -> String {
        String(
            name.prefix(60).map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
            })
    }

    /// Returns a value that must not be empty, as the value of an unset variable is: an empty path
    /// would mean the folder of the configuration.
    private func nonempty(_ text: Text) throws(SettingsError) -> String {
        let value = try text.value(in: environment)
        if !value.isEmpty { return value }
        throw .problems([text.place.error("'\(text.place.name)' is empty")])
    }
}
