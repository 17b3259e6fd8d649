import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter
import Unix

/// The option for a collection where all of them may be meant.
struct MaintenanceOptions: ParsableArguments {
    @Option(
        name: [.customShort("C"), .long],
        help: ArgumentHelp("Only this collection.", valueName: "name"),
        completion: .custom { _, _, _ in collectionNames() })
    var collection: String?

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func validate() throws {
        if collection == "" { throw ValidationError("--collection must not be empty") }
    }

    /// Runs `body` with a database that has a catalog.
    ///
    /// - Parameter purpose: The work of `body`, for an error if the database cannot do it.
    func withDatabase(
        _ purpose: String, _ body: @Sendable (Database) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            let database = Database(plugin, timeout: call.duration)
            try await CollectionFacts(database, collection: collection ?? "").requireCatalog()
            do { return try await body(database) } catch let error as PluginError
                where error.code == .unsupported
            {
                throw Failure(
                    .configuration, "plugin '\(plugin.name)' cannot \(purpose) what it stores")
            }
        }
    }
}

struct Verify: Program {
    static let configuration = CommandConfiguration(
        abstract: "Read all that is stored, and print what is damaged.")

    @OptionGroup var options: MaintenanceOptions

    func work() async throws -> ExitStatus {
        try await options.withDatabase("verify") { database in
            try await printProblems(of: database, options.collection ?? "") == 0
                ? .success : .incomplete
        }
    }
}

struct Compact: Program {
    static let configuration = CommandConfiguration(
        abstract: "Give back the room that deleted and replaced records have left.")

    @OptionGroup var options: MaintenanceOptions

    func work() async throws -> ExitStatus {
        try await options.withDatabase("compact") { database in
            let (before, after) = try await database.compact(
                options.collection ?? "", timeout: options.call.timeout?.duration)
            try writeToStandardOutput(
                #"{"bytes_before":\#(before),"bytes_after":\#(after)}"# + "\n")
            return .success
        }
    }
}
