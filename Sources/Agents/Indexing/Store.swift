internal import Catalog
package import Configuration
package import FilterKit
internal import FilterProcesses
internal import OpenSSL
internal import Unix
internal import YAML

/// A document store with everything that its entry in the configuration stands for.
package struct Store: Sendable {
    package let name: String
    package private(set) var source: Source
    package let chunk: DocumentStore.Chunk
    package let collection: String

    /// The folder of its state, which is that of the collection.
    package let state: String

    let extractors: [Extractor]

    /// How long one may take for a file.
    let extractorTimeout: Duration
    let environment: [String: String]

    /// What the configuration says of the embedder, the database and the extractors, as digests.
    let embedderFingerprint, databaseFingerprint, extractorsFingerprint: String

    /// The names or paths of the plugins; nil for those that are chosen without one.
    private let embedder, database: String?

    /// What every filter is told.
    private var options: [String]

    /// The options of the filters that take many records.
    private var jobs: [String] = []

    /// Where the documents are.
    package enum Source: Sendable {
        case folder(String, Selection)
        /// With what would be documents if a folder took its place. A file that is named is one
        /// whatever the patterns say, unless it is too large.
        case file(String, Selection)
        /// A line for `sh`, and where it is run.
        case command(String, directory: String)
    }

    struct Extractor: Sendable {
        let pattern: Pattern
        let command: String
    }

    /// - Parameter config: What `--config` says.
    /// - Throws: What of it has no value: `SettingsError`; that its state can be nowhere: `Failure`.
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
        // An entry's name means something only beside the configuration it is in.
        let databaseName = try database?.value(in: environment) ?? ""
        let entries = settings.plugins[.databaseProvider] ?? []
        let isEntry =
            databaseName.isEmpty
            ? !entries.isEmpty : entries.contains { $0.name == databaseName }
        let identity = [isEntry ? settings.directory : "", databaseName, collection]
        let digest = SHA256.hex(of: Array(identity.joined(separator: "\n").utf8)).prefix(12)
        state = "\(base)/hector/index/\(Self.fileName(collection))-\(digest)"
    }

    /// The folder or the file, or where the command is run, which may say the same in other words.
    var place: String {
        switch source {
        case .folder(let path, _), .file(let path, _), .command(_, let path): path
        }
    }

    /// With what is at its place now: a file may be there that was missing.
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

    /// Changes what filters do for themselves.
    ///
    /// - Parameters:
    ///   - timeout: The longest that one call of a plugin may take.
    ///   - jobs: The most calls that are in flight.
    package mutating func limitCalls(to timeout: Timeout?, atATime jobs: Int?) {
        if let timeout { options += ["--timeout", timeout.argument] }
        self.jobs = jobs.map { ["--jobs", "\($0)"] } ?? []
    }

    func embed() throws -> FilterCommand {
        try filter("embed", ["records", "--document"] + jobs, plugin: embedder)
    }

    func embedderInfo() throws -> FilterCommand { try filter("embed", ["info"], plugin: embedder) }

    /// Stores records as `embed` and then an upsert would, without spelling vectors out in between.
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

    /// What must not be empty, as a variable may be: nobody means the folder of the configuration.
    private static func value(
        of text: Text, _ environment: [String: String]
    ) throws(SettingsError) -> String {
        let value = try text.value(in: environment)
        if !value.isEmpty { return value }
        throw .problems([text.place.error("'\(text.place.name)' is empty")])
    }

    /// A path starts where the configuration lies, not where the filter does.
    private static func plugin(
        _ text: Text?, _ settings: Settings, _ environment: [String: String]
    ) throws -> String? {
        guard let text else { return nil }
        let name = try text.value(in: environment)
        return name.contains("/") ? try settings.path(text, environment: environment) : name
    }

    /// Whether a database would be the same if nobody named it, as nothing is configured for any.
    private static func isStandard(
        _ database: Text?, _ settings: Settings, _ environment: [String: String]
    ) throws(SettingsError) -> Bool {
        guard let database, settings.plugins[.databaseProvider]?.isEmpty ?? true else {
            return false
        }
        return try database.value(in: environment) == BuiltIn.standard(for: .databaseProvider)
    }

    /// A digest of what the configuration says of a plugin, without secrets: it is the same plugin
    /// with another key.
    private static func fingerprint(
        _ text: Text?, _ kind: Kind, _ settings: Settings, _ environment: [String: String]
    ) throws -> String {
        let name = try text?.value(in: environment)
        var parts = [name ?? ""]
        for plugin in settings.plugins[kind] ?? [] where name == nil || plugin.name == name {
            parts += [plugin.name, plugin.path?.written ?? "", plugin.socket?.written ?? ""]
            // What has no value is told by the filter that needs it.
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
