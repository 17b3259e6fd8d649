import ArgumentParser
import FilterKit
import PluginFilterKit
import ToolFilter

/// The tools that a model may be offered.
struct List: Program {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print the tools that may run, a line of JSON each, to offer to a model.")

    @OptionGroup(title: "Permissions")
    var permission: PermissionOptions

    @OptionGroup(title: "Choosing the plugin")
    var plugin: ToolPluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenTools(plugin, timeout: call.timeout, isDebugging: call.debug) {
            toolbox in
            try await printTools(of: toolbox, permission.permissions)
            return .success
        }
    }
}
