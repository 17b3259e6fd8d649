import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import ReasonFilter

/// The description of the strategy.
struct PrintInfo: Program {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print the strategy's name and what it does.")

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.reasoningStrategy, plugin, isDebugging: call.debug) {
            plugin in
            try await printStrategyInfo(of: plugin, timeout: call.duration)
            return .success
        }
    }
}
