import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import ReasonFilter

/// The filter itself.
struct ReasonRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Decide on records; the default subcommand.")

    @Option(
        help: ArgumentHelp(
            "The question to the strategy, whatever the record says: prepare, inject, stop, "
                + "after, slots or info.",
            valueName: "step"))
    var step: ReasonStep?

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func work() async throws -> ExitStatus {
        try await withChosenPlugin(
            .reasoningStrategy, plugin, isDebugging: filtering.debug, start: filtering.start
        ) { plugin in
            let strategy = Strategy(plugin, timeout: filtering.callTimeout)
            let stage = ReasonStage(strategy, step: step, filtering)
            return try await filter(through: stage, filtering).status
        }
    }
}

extension ReasonStep: ExpressibleByArgument {}
