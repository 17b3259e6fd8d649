import ArgumentParser
import Catalog
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter

struct Upsert: Program {
    static let configuration = CommandConfiguration(
        abstract: "Store each record, replacing the one with the same id.")

    @OptionGroup var target: CollectionOption

    @Flag(help: "Create the collection first, if it does not exist.")
    var create = false

    @Flag(help: "Embed the text of each record first, even if it has a vector.")
    var embed = false

    @Option(
        help: ArgumentHelp(
            "The embedder for --embed, which this implies: a name as for --plugin, or a path.",
            valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.embedderProvider) })
    var embedder: String?

    @OptionGroup var printing: AcknowledgementOptions

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func work() async throws -> ExitStatus {
        if embed || embedder != nil { return try await embedAndUpsert() }
        return try await withChosenPlugin(
            .databaseProvider, plugin, isDebugging: filtering.debug, start: filtering.start
        ) { plugin in
            try await filter(through: stage(plugin), filtering).status
        }
    }

    private func embedAndUpsert() async throws -> ExitStatus {
        var chosen = PluginOptions()
        chosen.plugin = embedder
        chosen.socket = nil
        chosen.option = []
        chosen.config = plugin.config
        return try await withChosenPlugins(
            try chosen.find(.embedderProvider), try plugin.find(.databaseProvider),
            isDebugging: filtering.debug, start: filtering.start
        ) { embedder, database in
            let embedder = Embedder(
                embedder, timeout: filtering.callTimeout, purpose: .document,
                parallel: filtering.callsPerUnit)
            let stage = EmbedAndUpsertStage(embedder, stage(database), filtering)
            return try await filter(through: stage, filtering).status
        }
    }

    private func stage(_ plugin: Plugin) -> UpsertStage {
        UpsertStage(
            Database(plugin, timeout: filtering.callTimeout, parallel: filtering.callsPerUnit),
            collection: target.collection,
            creates: create, printing.acknowledgement, filtering)
    }
}

/// The options for the output about each record that has been processed.
struct AcknowledgementOptions: ParsableArguments {
    @Flag(help: "Print the id of each record that is done.")
    var ack = false

    @Flag(name: .customLong("pass"), help: "Print each record that is done.")
    var passes = false

    func validate() throws {
        if ack, passes { throw ValidationError("--ack and --pass exclude each other") }
    }

    var acknowledgement: Acknowledgement { ack ? .receipt : passes ? .record : .nothing }
}
