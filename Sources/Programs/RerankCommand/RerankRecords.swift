import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import RerankFilter

/// The filter itself.
struct RerankRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Rerank the results of records; the default subcommand.")

    @Option(
        name: [.customShort("k"), .long],
        help: ArgumentHelp("Keep only the best N results of each record.", valueName: "n"))
    var topK: Int?

    // Models' scores are often negative, and "-2" is not an option here.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Leave out results with a lower score.", valueName: "score"))
    var minScore: Float?

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func validate() throws {
        if let topK, !(1...100_000).contains(topK) {
            throw ValidationError("--top-k must be from 1 to 100000, not \(topK)")
        }
        if let minScore, !minScore.isFinite {
            throw ValidationError("--min-score must be a number, not '\(minScore)'")
        }
    }

    func work() async throws -> ExitStatus {
        try await withChosenPlugin(
            .rerankerProvider, plugin, isDebugging: filtering.debug, start: filtering.start
        ) { plugin in
            let stage = RerankStage(
                Reranker(plugin, timeout: filtering.callTimeout),
                RerankStage.Selection(limit: topK, minimumScore: minScore), filtering)
            return try await filter(through: stage, filtering).status
        }
    }
}
