import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost

struct Create: Program {
    static let configuration = CommandConfiguration(abstract: "Create a collection.")

    @OptionGroup var target: CollectionOption

    @Option(help: ArgumentHelp("The length of each vector.", valueName: "n"))
    var dimension: Int

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func validate() throws {
        if !(1...1_000_000).contains(dimension) {
            throw ValidationError("--dimension must be from 1 to 1000000, not \(dimension)")
        }
    }

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            try await Database(plugin, timeout: call.duration)
                .createCollection(target.collection, dimension: dimension)
            return .success
        }
    }
}

struct Drop: Program {
    static let configuration = CommandConfiguration(
        abstract: "Delete a collection and everything in it.")

    @OptionGroup var target: CollectionOption

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            try await Database(plugin, timeout: call.duration).deleteCollection(target.collection)
            return .success
        }
    }
}
