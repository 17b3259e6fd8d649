import ArgumentParser
import FilterKit
import PluginFilter

/// A comparison of installed plugins with hector.lock.
struct Verify: Program {
    static let configuration = CommandConfiguration(
        abstract: "Check that plugins are what was installed; status 77 if one is not.")

    @Argument(
        help: ArgumentHelp("The plugins; all if none is named.", valueName: "name"),
        completion: .shellCommand(installedNames))
    var names: [String] = []

    func work() throws -> ExitStatus { try verifyPlugins(names) }
}
