import ArgumentParser
import FilterKit
import PluginFilter

/// The removal of installed plugins.
struct Remove: Program {
    static let configuration = CommandConfiguration(
        abstract: "Remove plugins that were installed, with their folders.")

    @Argument(
        help: ArgumentHelp("The plugins.", valueName: "name"),
        completion: .shellCommand(installedNames))
    var names: [String]

    func work() async throws -> ExitStatus {
        try await removePlugins(names)
        return .success
    }
}
