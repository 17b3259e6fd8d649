import Catalog
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter
import Trust
import Waiting

/// Returns the names of collections with which a shell can complete a word: those of document
/// stores, or, without a configuration, those that the default database has.
@Sendable func collectionNames() -> [String] {
    // A configuration and a folder of plugins may name any program as the database. Completing a
    // word starts only the one that comes with Hector.
    guard ConfiguredNames.hasOnlyBuiltIn(.databaseProvider) else {
        return ConfiguredNames.collections
    }
    Diagnostics.beQuiet()
    let names = Monitor<[String]?>(nil)
    @Sendable func set(_ found: [String]) {
        names.withLock { $0 = $0 ?? found }
        names.signal()
    }
    Task { set((try? await storedNames()) ?? []) }
    Task {
        try? await Task.sleep(for: longestCompletion)
        set([])
    }
    return names.wait { $0 }
}

/// The longest time that a user who has pressed Tab may wait.
private let longestCompletion = Duration.seconds(1)

/// Returns the names of the collections that the default database has; none if it has no catalog.
private func storedNames() async throws -> [String] {
    var options = PluginOptions()
    options.plugin = nil
    options.socket = nil
    options.option = []
    options.config = nil
    // A question, or a report, would disturb the user while typing.
    let plugin = try options.find(nil, .databaseProvider, use: .ifUnchanged)
    return try await withChosenPlugin(plugin, isDebugging: false) { plugin in
        let database = Database(plugin, timeout: longestCompletion)
        guard await CollectionFacts(database, collection: "").can("catalog") else { return [] }
        return try await database.collections().map(\.name)
    }
}
