internal import Catalog
package import Configuration
package import FilterKit
internal import FilterProcesses
internal import OpenSSL
package import Stores
internal import Unix
internal import VectorCache

/// A document store with everything that its entry in the configuration refers to.
package struct Store: Sendable {
    package let name: String
    package private(set) var source: Source
    package let chunk: DocumentStore.Chunk

    /// The collection and the state, which belong together.
    package private(set) var location: StoreLocation

    /// The word by which the store is named on a command line.
    package let argument: String
    private let config: String?
    private let found: StoreFinder.Found

    private var settings: Settings { found.settings }

    package var collection: String { location.collection }

    /// The folder of its state.
    package var state: String { location.state }

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

    /// - Throws: `SettingsError` for a setting without a value; `Failure` if there is no place for
    ///   the state.
    package init(
        _ found: StoreFinder.Found, isDebugging: Bool, environment: [String: String]
    ) throws {
        let (store, settings, config) = (found.entry, found.settings, found.config)
        let configuration = StoreConfiguration(
            entry: store, settings: settings, environment: environment)
        name = store.name
        chunk = store.chunk
        self.environment = environment
        argument = found.argument
        self.found = found
        location = try found.location(environment)
        self.config = settings.file.isEmpty ? nil : settings.absoluteFile
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

    /// The record of the store that is kept with its state.
    var record: StoreRecord {
        var record = StoreRecord(
            name: name, collection: collection, isNamed: location.isNamed,
            folder: Path.real(place), isCommand: origin == .records,
            databaseIdentity: location.databaseIdentity)
        record.identity = File.identity(place)
        record.config = config
        record.isConfigNamed = found.isConfigNamed && config != nil
        record.database = database
        record.embedder = embedder
        return record
    }

    /// A digest of the settings on which it may depend whether a document fails.
    var failureSettings: String {
        SHA256.hex(
            of: Array(
                "\(extractorsFingerprint) \(embedderFingerprint) \(databaseFingerprint) "
                    .utf8) + Array("\(chunk.size) \(chunk.overlap)".utf8))
    }

    /// True if a document of a folder can be opened for reading.
    func canOpen(_ name: String) -> Bool {
        let path: String
        switch source {
        case .folder(let folder, _): path = "\(folder)/\(name)"
        case .file(let file, _): path = file
        case .command: return true
        }
        return (try? InputFile(opening: path)) != nil
    }

    var origin: Provenance.Origin {
        if case .command = source { return .records }
        return .files
    }

    // MARK: Cost

    /// The maker of the vectors in the cache; nil if they are not kept there, or not known.
    var maker: VectorCache.Maker? {
        let catalog = Catalog(settings: settings, environment: environment)
        guard let entry = try? catalog.find(embedder, kind: .embedderProvider) else { return nil }
        switch entry.location {
        case .executable(let path):
            return VectorCache.Maker(
                plugin: entry.name, at: path, settings: entry.configuration)
        case .socket: return nil
        }
    }

    /// The price of a million tokens of the embedder in US dollars; nil if it is not known.
    ///
    /// - Parameter model: The model of the vectors in the collection, if there are some.
    func price(of model: String?) -> Double? {
        let catalog = Catalog(settings: settings, environment: environment)
        let entry = try? catalog.find(embedder, kind: .embedderProvider)
        let names = [entry?.configuration["model"], model, entry?.name]
        return names.lazy.compactMap { $0.flatMap { settings.prices[$0]?.input } }.first
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

    func embed(encoding: String? = nil) throws -> FilterCommand {
        try filter(
            "embed",
            ["records", "--document", "--cache-vectors"]
                + (encoding.map { ["--encoding", $0] } ?? []) + jobs, plugin: embedder)
    }

    /// Puts records through the questions of a collection.
    func watch(_ arguments: [String]) throws -> FilterCommand {
        try filter("search", ["watch", "--eager"] + arguments, plugin: database)
    }

    func embedderInfo() throws -> FilterCommand { try filter("embed", ["info"], plugin: embedder) }

    /// Stores records as `embed` followed by an upsert would, without converting vectors to text in
    /// between.
    ///
    /// - Parameters:
    ///   - collection: Another collection than the store's own; its records may be of any source.
    ///   - isNew: True for a collection without records.
    func embedAndUpsert(
        _ provenance: Provenance, into collection: String? = nil, isNew: Bool
    ) throws -> FilterCommand {
        var arguments = ["--embed", "--create", "--ack", "--eager", "--cache-vectors"]
        if collection == nil { arguments += ["--source", place] }
        if !provenance.model.isEmpty { arguments += ["--expect-model", provenance.model] }
        if provenance.dimension > 0 {
            arguments += ["--expect-dimension", "\(provenance.dimension)"]
        }
        return try search(
            "upsert",
            arguments + properties(of: provenance, isNew: isNew)
                + (embedder.map { ["--embedder", $0] } ?? []), collection: collection)
    }

    /// The options that keep facts with the collection, if the database can.
    func properties(of provenance: Provenance, isNew: Bool) -> [String] {
        var facts = [("source", place)]
        if !provenance.plugin.isEmpty { facts.append(("embedder", provenance.plugin)) }
        if !provenance.model.isEmpty { facts.append(("model", provenance.model)) }
        if isNew, !provenance.alpha.isEmpty { facts.append(("alpha", provenance.alpha)) }
        return ["--properties-if-kept"] + facts.flatMap { ["--property", "\($0)=\($1)"] }
    }

    /// Lists the collections whose names begin with a prefix.
    func collections(_ prefix: String) throws -> FilterCommand {
        try filter("search", ["collections", prefix, "--json"], plugin: database)
    }

    /// Gives a collection another name.
    func move(_ from: String, to other: String) throws -> FilterCommand {
        try filter("search", ["move", from, other, "--replace"], plugin: database)
    }

    /// The store after another look at where its state and its collection are, which a run may have
    /// moved.
    func located() throws -> Store {
        var store = self
        store.location = try found.location(environment)
        return store
    }

    /// The store after its state was moved.
    func moved(_ record: StoreRecord) -> Store {
        var store = self
        store.location = location.moved(record)
        return store
    }

    /// - Parameter verb: A subcommand of hector-search.
    func search(
        _ verb: String, _ arguments: [String] = [], collection: String? = nil
    ) throws -> FilterCommand {
        let jobs = ["upsert", "delete"].contains(verb) ? jobs : []
        return try filter(
            "search", [verb, "--collection", collection ?? self.collection] + arguments + jobs,
            plugin: database)
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
