import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import ReasonFilter

/// The strategy's parts of a system prompt.
struct PrintSlots: Program {
    static let configuration = CommandConfiguration(
        commandName: "slots", abstract: "Print the strategy's parts of a system prompt.")

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.reasoningStrategy, plugin, isDebugging: call.debug) {
            plugin in
            try await printPromptSlots(of: plugin, timeout: call.duration)
            return .success
        }
    }
}
