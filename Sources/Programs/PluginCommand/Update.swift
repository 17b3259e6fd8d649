import ArgumentParser
import FilterKit
import PluginFilter

/// The update of installed plugins from where they came from.
struct Update: Program {
    static let configuration = CommandConfiguration(
        abstract: "Install plugins again from where they came from, if they have changed there.")

    @Argument(
        help: ArgumentHelp("The plugins; all if none is named.", valueName: "name"),
        completion: .shellCommand(installedNames))
    var names: [String] = []

    @OptionGroup var options: InstallationOptions

    func validate() throws {
        if options.key != nil, names.count != 1 {
            throw ValidationError("--key is the key of one plugin: name it")
        }
    }

    func work() async throws -> ExitStatus {
        options.begin()
        return try await updatePlugins(names, options.request)
    }
}

/// Prints the names of the installed plugins, for completion.
let installedNames =
    "hector plugin list --json | sed -n 's/.*\"installed\":\"\\([^\"]*\\)\".*/\\1/p'"
