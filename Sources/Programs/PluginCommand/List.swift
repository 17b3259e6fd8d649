import ArgumentParser
import FilterKit
import PluginFilter
import PluginFilterKit

/// A list of all plugins.
struct List: Program {
    static let configuration = CommandConfiguration(
        abstract: "List the plugins that are configured, discovered and built in.")

    @OptionGroup var choice: PluginKindOptions

    @Flag(help: "Print a line of JSON for each plugin.")
    var json = false

    func work() throws -> ExitStatus {
        try printList(try choice.list(), asJSON: json)
        return .success
    }
}
