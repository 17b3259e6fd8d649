import Agent
import ArgumentParser
import Configuration
import FilterKit
import Indexing
import Text
import Trust
import Unix

/// The options that choose document stores.
struct StoreOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Names under 'document_stores' of the configuration; by default, all of them.",
            valueName: "store"),
        completion: .shellCommand("hector config names stores"))
    var stores: [String] = []

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

    /// Returns the chosen stores, in the order in which they are written.
    ///
    /// - Throws: `Failure`.
    func chosen() throws -> [Store] {
        if quiet { Diagnostics.beQuiet() }
        let environment = Environment.current
        do {
            guard
                let settings = try Settings.loadTrusted(
                    explicit: config, environment: environment, notice: Diagnostics.warn),
                !settings.documentStores.isEmpty
            else {
                throw Failure(
                    .configuration,
                    "no configuration that was found has document stores; see hector.yaml(5)")
            }
            let names = settings.documentStores.map(\.name)
            for name in stores where !names.contains(name) {
                throw Failure(
                    .configuration,
                    "no document store '\(name)', \(expectation(of: name, among: names))")
            }
            let all = try settings.documentStores.map { store in
                var store = try Store(
                    store, in: settings, config: config, isDebugging: debug,
                    environment: environment)
                store.limitCalls(to: timeout, atATime: jobs)
                return store
            }
            try refuseSharing(all)
            return all.filter { stores.isEmpty || stores.contains($0.name) }
        } catch let error as SettingsError {
            throw Failure(error)
        }
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
