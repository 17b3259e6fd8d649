import Agent
import ArgumentParser
import Catalog
import Configuration
import FilterKit
import Indexing
import Stores
import Trust
import Unix

/// The options that choose document stores.
struct StoreOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Folders, or names under 'document_stores' of the configuration; by default, all of "
                + "them.", valueName: "store|dir"),
        completion: .shellCommand("hector config names stores; ls -p | grep /"))
    var stores: [String] = []

    @Option(
        help: ArgumentHelp(
            "The embedder of a folder that is in no configuration: a name or a path.",
            valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.embedderProvider) })
    var embedder: String?

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Keep up to N calls in flight.", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Give up a call after this long: 90, 90s, 500ms or 5m.", valueName: "time"))
    var timeout: Timeout?

    @Flag(help: "Show what plugins write, and how they are run.")
    var debug = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    func validate() throws {
        if let jobs, !(1...10_000).contains(jobs) {
            throw ValidationError("--jobs must be from 1 to 10000, not \(jobs)")
        }
    }

    /// Returns the chosen stores, in the order in which they are written: those that were named, or
    /// all of the configuration, or the one of the working directory.
    ///
    /// - Parameters:
    ///   - makes: True if a folder that was not indexed becomes a store.
    ///   - planned: The configuration that a plan names, for a command line that names none. A plan
    ///     may be anyone's.
    /// - Throws: `Failure`.
    func chosen(makes: Bool = true, planned: String? = nil) throws -> [Store] {
        if quiet { Diagnostics.beQuiet() }
        let environment = Environment.current
        do {
            let planned = config == nil ? planned : nil
            let settings =
                if let planned {
                    try Settings.loadTrusted(
                        remembered: Path.absolute(planned, in: Directory.current), isNamed: false,
                        environment: environment, notice: Diagnostics.error)
                } else {
                    try Settings.loadTrusted(
                        explicit: config, environment: environment, notice: Diagnostics.error)
                }
            let finder = StoreFinder(
                settings, config: config ?? planned, isNamed: planned == nil,
                environment: environment)
            var found: [StoreFinder.Found] = []
            for word in stores {
                for store in try finder.stores(word, makes: makes)
                where !found.contains(where: { $0.isSame(store) }) {
                    found.append(try store.embedded(by: embedder, environment: environment))
                }
            }
            let configured = finder.configured
            if stores.isEmpty {
                found = configured.isEmpty ? [try here(finder)] : configured
                if embedder != nil {
                    found = try found.map {
                        try $0.embedded(by: embedder, environment: environment)
                    }
                }
            }
            // In the order of the configuration, whatever the order of the words is.
            let names = configured.map(\.entry.name)
            let place = { (store: StoreFinder.Found) in
                store.isConfigured
                    ? names.firstIndex(of: store.entry.name) ?? names.count : names.count
            }
            found = found.enumerated().sorted {
                (place($0.element), $0.offset) < (place($1.element), $1.offset)
            }.map(\.element)
            let all = try (configured.filter { one in !found.contains { $0.isSame(one) } } + found)
                .map { try Store($0, isDebugging: debug, environment: environment) }
            try refuseSharing(all)
            return all.suffix(found.count).map { store in
                var store = store
                store.limitCalls(to: timeout, atATime: jobs)
                return store
            }
        } catch let error as SettingsError {
            throw Failure(error)
        }
    }

    private func here(_ finder: StoreFinder) throws -> StoreFinder.Found {
        if let found = try finder.around() { return found }
        throw Failure(
            .configuration,
            "no configuration that was found has document stores, and '\(Directory.current)' is in "
                + "no store: 'hector index DIR' makes one of a folder; see hector.yaml(5)")
    }

    /// Refuses two stores of one collection: each would delete the records of the other.
    private func refuseSharing(_ stores: [Store]) throws(Failure) {
        for (place, store) in stores.enumerated() {
            if let other = stores[..<place].first(where: { $0.state == store.state }) {
                throw Failure(
                    .configuration,
                    "the stores '\(other.name)' and '\(store.name)' have the same collection "
                        + "'\(store.collection)'; give each its own")
            }
        }
    }
}
