import ArgumentParser
import FilterKit
import PluginFilter
import PluginFilterKit

/// A description of one plugin, from its files or from the running plugin.
struct Info: Program {
    static let configuration = CommandConfiguration(
        abstract: "Describe a plugin, its location and its settings.")

    @OptionGroup var plugin: NamedPluginOptions

    @Flag(help: "Start the plugin, and print its description of itself, too.")
    var start = false

    @Flag(help: "Print a JSON object.")
    var json = false

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        let listed = try plugin.describe()
        let description = PluginDescription(listed)
        if !start {
            try description.print(asJSON: json)
            return .success
        }
        try await withNamedPlugin(plugin, isDebugging: call.debug) { plugin, kind in
            var description = description
            try await description.addAnswers(of: plugin, kind, timeout: call.duration)
            try description.print(asJSON: json)
        }
        return .success
    }
}
