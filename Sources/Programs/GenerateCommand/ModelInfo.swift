import ArgumentParser
import Configuration
import FilterKit
import GenerateFilter
import PluginFilterKit

/// The description of the model.
struct ModelInfo: Program {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print the model and its limits.")

    @Option(name: .shortAndLong, help: ArgumentHelp("The model.", valueName: "name"))
    var model: String?

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        var plugin = plugin
        plugin.setModel(model, standard: nil)
        return try await withChosenPlugin(.llmProvider, plugin, isDebugging: call.debug) { plugin in
            try await printModelInfo(of: plugin, timeout: call.duration)
            return .success
        }
    }
}
