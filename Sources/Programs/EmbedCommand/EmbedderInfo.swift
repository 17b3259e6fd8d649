import ArgumentParser
import Configuration
import EmbedFilter
import FilterKit
import PluginFilterKit

/// The description of the embedder.
struct EmbedderInfo: Program {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print the embedder's model and the length of its vectors.")

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.embedderProvider, plugin, isDebugging: call.debug) {
            plugin in
            try await printInfo(of: plugin, timeout: call.duration)
            return .success
        }
    }
}
