package import Configuration
package import FilterKit
internal import FilterProcesses
internal import Unix

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
    let extractorMaxFileSize: Int

    /// True if the text on pictures is read.
    let recognizesText: Bool
    let environment: [String: String]

    /// Digests of the settings of the embedder, the database and the extractors.
    let embedderFingerprint, databaseFingerprint, extractorsFingerprint: String

    /// The names or paths of the plugins; nil for the default plugins.
    private let embedder, database: String?

    /// The options of every filter.
    private var options: [String]

    /// The options of the filters that take many records.
    private var jobs: [String] = []

    /// The place of the documents.
    package enum Source: Sendable {
        case folder(String, Selection)
        /// A file, which is a document even if the patterns exclude it, unless it is too large. The
        /// selection applies if the file is replaced by a folder.
        case file(String, Selection)
        /// A command line for `sh`, and the folder in which it is run.
        case command(String, directory: String)
    }

    struct Extractor: Sendable {
        let pattern: Pattern
        let command: String
    }

    /// - Parameter config: The argument of `--config`.
    /// - Throws: `SettingsError` for a setting without a value; `Failure` if there is no place for
    ///   the state.
    package init(
        _ store: DocumentStore, in settings: Settings, config: String?, isDebugging: Bool,
        environment: [String: String]
    ) throws {
        let configuration = StoreConfiguration(
            entry: store, settings: settings, environment: environment)
        name = store.name
        chunk = store.chunk
        self.environment = environment
        collection = try configuration.collection()
        source = try configuration.source()
        extractors = try configuration.extractors()
        extractorTimeout = store.extractorTimeout
        extractorMaxFileSize = store.extractorMaxFileSize
        recognizesText = store.recognizesText
        extractorsFingerprint = try configuration.extractorsFingerprint()
        embedderFingerprint = try configuration.embedderFingerprint()
        databaseFingerprint = try configuration.databaseFingerprint()
        options = (config.map { ["--config", $0] } ?? []) + (isDebugging ? ["--debug"] : [])
        embedder = try configuration.plugin(store.embedder)
        database = try configuration.plugin(store.database)
        state = try configuration.stateFolder(of: collection)
    }

    /// The folder or the file, or the folder in which the command is run.
    var place: String {
        switch source {
        case .folder(let path, _), .file(let path, _), .command(_, let path): path
        }
    }

    /// The store after another look at its path, which may not have existed before.
    var now: Store {
        var store = self
        switch source {
        case .folder(let path, let selection), .file(let path, let selection):
            store.source = Source(path: path, selection)
        case .command: break
        }
        return store
    }

    var origin: Provenance.Origin {
        if case .command = source { return .records }
        return .files
    }

    // MARK: Filters

    /// Sets limits for which filters have defaults.
    ///
    /// - Parameters:
    ///   - timeout: The time limit of one call of a plugin.
    ///   - jobs: The most calls in flight.
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
            ["--embed", "--create", "--ack", "--eager"] + properties
                + (embedder.map { ["--embedder", $0] } ?? []))
    }

    /// The options that keep facts with the collection, if the database can.
    var properties: [String] { ["--properties-if-kept", "--property", "source=\(place)"] }

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
}

extension Store.Source {
    /// - Parameter selection: Chooses the documents of a folder.
    init(path: String, _ selection: Selection) {
        let isFile = (try? File(path))?.kind == .regular
        self = isFile ? .file(path, selection) : .folder(path, selection)
    }
}
