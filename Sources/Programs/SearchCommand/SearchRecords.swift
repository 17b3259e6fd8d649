import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter

struct SearchRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Search; the default subcommand.")

    @OptionGroup var target: CollectionOption

    @Option(
        name: [.customShort("k"), .long],
        help: ArgumentHelp("The most results for each record.", valueName: "n"))
    var topK = 10

    @Option(help: ArgumentHelp("Leave out results with a lower score.", valueName: "score"))
    var minScore: Float?

    @Option(
        help: ArgumentHelp(
            "Only documents whose metadata matches this JSON object; see hector-plugins(7).",
            valueName: "json"))
    var filter: String?

    @Flag(help: "Add its vector to each result.")
    var vectors = false

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func validate() throws {
        if !(1...100_000).contains(topK) {
            throw ValidationError("--top-k must be from 1 to 100000, not \(topK)")
        }
        if let minScore, !minScore.isFinite {
            throw ValidationError("--min-score must be a number, not '\(minScore)'")
        }
        if let filter { try validateFilter(filter) }
    }

    func work() async throws -> ExitStatus {
        try await withChosenPlugin(
            .databaseProvider, plugin, isDebugging: filtering.debug, start: filtering.start
        ) { plugin in
            let database = Database(
                plugin, timeout: filtering.callTimeout, parallel: filtering.callsPerUnit
            ) { Diagnostics.warn($0) }
            if filter != nil { try await requireFilters(of: database) }
            let stage = SearchStage(
                database, collection: target.collection,
                SearchStage.QueryOptions(
                    limit: topK, minimumScore: minScore, filter: filter ?? "",
                    includesVectors: vectors),
                filtering)
            let report = try await FilterKit.filter(through: stage, filtering)
            return stage.hasFound ? report.status : .incomplete
        }
    }
}
