import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter

struct Delete: Program {
    static let configuration = CommandConfiguration(
        abstract: "Delete each record, by its id.")

    @Argument(
        help: ArgumentHelp(
            "Delete these records, instead of reading standard input.", valueName: "id"))
    var ids: [String] = []

    @OptionGroup var target: CollectionOption

    @OptionGroup var printing: AcknowledgementOptions

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func work() async throws -> ExitStatus {
        try await withChosenPlugin(.databaseProvider, plugin, isDebugging: filtering.debug) {
            plugin in
            let stage = DeleteStage(
                Database(
                    plugin, timeout: filtering.callTimeout, parallel: filtering.callsPerUnit),
                collection: target.collection,
                textIsID: filtering.text || !ids.isEmpty, printing.acknowledgement, filtering)
            return try await filter(through: stage, filtering, texts: ids).status
        }
    }
}
