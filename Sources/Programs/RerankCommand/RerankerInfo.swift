import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import RerankFilter

/// The description of the reranker.
struct RerankerInfo: Program {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Print the reranker's model.")

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.rerankerProvider, plugin, isDebugging: call.debug) {
            plugin in
            try await printRerankerInfo(of: plugin, timeout: call.duration)
            return .success
        }
    }
}
