internal import Catalog
package import Configuration
package import FilterKit
internal import FilterProcesses
internal import OpenSSL
internal import Unix
internal import YAML

/// A document store with everything that its entry in the configuration refers to.
package struct Store: Sendable {
    package let name: String
    package private(set) var source: Source
    package let chunk: DocumentStore.Chunk
    package let collection: String

    /// The folder of its state, which belongs to the collection.
    package let state: String

    let extractors: [Extractor]

    /// The time limit of an extractor for one file.
    let extractorTimeout: Duration
    let environment: [String: String]

    /// Digests of the configuration of the embedder, the database and the extractors.
    let embedderFingerprint, databaseFingerprint, extractorsFingerprint: String

    /// The names or paths of the plugins; nil for those that are chosen without one.
    private let embedder, database: String?

    /// The options of every filter.
    private var options: [String]

    /// The options of the filters that take many records.
    private var jobs: [String] = []

    /// The source of the documents.
    package enum Source: Sendable {
        case folder(String, Selection)
        /// A file, with the rules for a folder that might take its place. A file that is named is a
        /// document whatever the patterns say, unless it is too large.
        case file(String, Selection)
        /// A line for `sh`, and the folder in which it is run.
        case command(String, directory: String)
    }

    struct Extractor: Sendable {
        let pattern: Pattern
        let command: String
    }

    /// - Parameter config: The value of `--config`.
    /// - Throws: `SettingsError` for a setting without a value, `Failure` if there is no place for
    ///   the state.
    package init(
        _ store: DocumentStore, in settings: Settings, config: String?, isDebugging: Bool,
        environment: [String: String]
    ) throws {
        name = store.name
        chunk = store.chunk
        self.environment = environment
        collection = try store.collection.map { try Self.value(of: $0, environment) } ?? store.name
        source = try Self.source(store, settings, environment)
        extractors = try store.extractors.compactMap { extractor in
            let command = try extractor.command.value(in: environment)
            return Pattern(extractor.pattern.utf8).map { Extractor(pattern: $0, command: command) }
        }
        extractorTimeout = store.extractorTimeout
        extractorsFingerprint = SHA256.hex(
            of: Array(
                try store.extractors.map {
                    "\($0.pattern)\n\(try $0.command.value(in: environment))"
                }
                .joined(separator: "\n").utf8))

        let named = store.database ?? settings.defaults[.databaseProvider]
        let embedder = store.embedder ?? settings.defaults[.embedderProvider]
        let database = try Self.isStandard(named, settings, environment) ? nil : named
        embedderFingerprint = try Self.fingerprint(
            embedder, .embedderProvider, settings, environment)
        databaseFingerprint = try Self.fingerprint(
            database, .databaseProvider, settings, environment)
        options = (config.map { ["--config", $0] } ?? []) + (isDebugging ? ["--debug"] : [])
        self.embedder = try Self.plugin(store.embedder, settings, environment)
        self.database = try Self.plugin(store.database, settings, environment)

        guard let base = BaseDirectories(environment: environment).state else {
            throw Failure(.configuration, "cannot find a place for the state: HOME is not set")
        }
        // An entry's name has a meaning only within its configuration.
        let databaseName = try database?.value(in: environment) ?? ""
        let entries = settings.plugins[.databaseProvider] ?? []
        let isEntry =
            databaseName.isEmpty
            ? !entries.isEmpty : entries.contains { $0.name == databaseName }
        let identity = [isEntry ? settings.directory : "", databaseName, collection]
        let digest = SHA256.hex(of: Array(identity.joined(separator: "\n").utf8)).prefix(12)
        state = "\(base)/hector/index/\(Self.fileName(collection))-\(digest)"
    }

    /// The folder or the file, or the folder in which the command is run. Different paths may name
    /// the same place.
    var place: String {
        switch source {
        case .folder(let path, _), .file(let path, _), .command(_, let path): path
        }
    }

    /// The store with its source as it is now: a file that was missing may exist.
    var now: Store {
        var store = self
        switch source {
        case .folder(let path, let selection), .file(let path, let selection):
            store.source = Self.source(path, selection)
        case .command: break
        }
        return store
    }

    var origin: Making.Origin {
        if case .command = source { return .records }
        return .files
    }

    // MARK: Filters

    /// Changes the limits that filters apply themselves.
    ///
    /// - Parameters:
    ///   - timeout: The time limit of one call of a plugin.
    ///   - jobs: The most calls that are in flight.
    package mutating func limitCalls(to timeout: Timeout?, atATime jobs: Int?) {
        if let timeout { options += ["--timeout", timeout.argument] }
        self.jobs = jobs.map { ["--jobs", "\($0)"] } ?? []
    }

    func embed() throws -> FilterCommand {
        try filter("embed", ["records", "--document"] + jobs, plugin: embedder)
    }

    func embedderInfo() throws -> FilterCommand { try filter("embed", ["info"], plugin: embedder) }

    /// Stores records as `embed` followed by an upsert would, without converting vectors to text in
    /// between.
    func embedAndUpsert() throws -> FilterCommand {
        try search(
            "upsert",
            ["--embed", "--create", "--ack", "--eager"]
                + (embedder.map { ["--embedder", $0] } ?? []))
    }

    /// - Parameter verb: A subcommand of hector-search.
    func search(_ verb: String, _ arguments: [String] = []) throws -> FilterCommand {
        let jobs = ["upsert", "delete"].contains(verb) ? jobs : []
        return try filter(
            "search", [verb, "--collection", collection] + arguments + jobs, plugin: database)
    }

    private func filter(
        _ stage: String, _ arguments: [String], plugin: String?
    ) throws -> FilterCommand {
        try FilterCommand(
            stage, "hector-\(stage)",
            arguments + options + (plugin.map { ["--plugin", $0] } ?? []),
            environment: environment)
    }

    // MARK: Reading the configuration

    private static func source(
        _ store: DocumentStore, _ settings: Settings, _ environment: [String: String]
    ) throws -> Source {
        if let command = store.command {
            return .command(
                try value(of: command, environment), directory: settings.directory)
        }
        guard let text = store.path else {
            throw Failure(.configuration, "document store '\(store.name)' has no path")
        }
        _ = try value(of: text, environment)
        let path = try settings.path(text, environment: environment)
        return Self.source(
            path,
            Selection(
                include: try store.includePatterns?.map { try $0.value(in: environment) },
                exclude: try store.excludePatterns.map { try $0.value(in: environment) },
                maxFileSize: store.maxFileSize))
    }

    private static func source(_ path: String, _ selection: Selection) -> Source {
        let isFile = (try? File(path))?.kind == .regular
        return isFile ? .file(path, selection) : .folder(path, selection)
    }

    /// Returns a value that must not be empty, as a variable may be: an empty path would mean the
    /// configuration's folder, which is never intended.
    private static func value(
        of text: Text, _ environment: [String: String]
    ) throws(SettingsError) -> String {
        let value = try text.value(in: environment)
        if !value.isEmpty { return value }
        throw .problems([text.place.error("'\(text.place.name)' is empty")])
    }

    /// A relative path starts at the configuration's folder, not at the filter's working directory.
    private static func plugin(
        _ text: Text?, _ settings: Settings, _ environment: [String: String]
    ) throws -> String? {
        guard let text else { return nil }
        let name = try text.value(in: environment)
        return name.contains("/") ? try settings.path(text, environment: environment) : name
    }

    /// True if a database is the one that would be chosen without a name, as no database is
    /// configured.
    private static func isStandard(
        _ database: Text?, _ settings: Settings, _ environment: [String: String]
    ) throws(SettingsError) -> Bool {
        guard let database, settings.plugins[.databaseProvider]?.isEmpty ?? true else {
            return false
        }
        return try database.value(in: environment) == BuiltIn.standard(for: .databaseProvider)
    }

    /// Returns a digest of a plugin's configuration without secrets: with a different key it is
    /// still the same plugin.
    private static func fingerprint(
        _ text: Text?, _ kind: Kind, _ settings: Settings, _ environment: [String: String]
    ) throws -> String {
        let name = try text?.value(in: environment)
        var parts = [name ?? ""]
        for plugin in settings.plugins[kind] ?? [] where name == nil || plugin.name == name {
            parts += [plugin.name, plugin.path?.written ?? "", plugin.socket?.written ?? ""]
            // The filter that needs a missing value reports it.
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
}
