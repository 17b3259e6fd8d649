import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter

struct Get: Program {
    static let configuration = CommandConfiguration(
        abstract: "Print records by their ids.")

    @Argument(
        help: ArgumentHelp(
            "Print these records, instead of reading ids from standard input.", valueName: "id"))
    var ids: [String] = []

    @OptionGroup var target: CollectionOption

    @Flag(help: "Add the vectors.")
    var vectors = false

    @OptionGroup var form: EncodingOption

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func work() async throws -> ExitStatus {
        try await withChosenPlugin(
            .databaseProvider, plugin, isDebugging: filtering.debug, start: filtering.start
        ) { plugin in
            let facts = CollectionFacts(
                Database(plugin, timeout: filtering.callTimeout), collection: target.collection)
            try await facts.requireCatalog()
            let stage = GetStage(
                facts, RecordForm(includesVectors: vectors, encoding: form.encoding), filtering)
            if !ids.isEmpty { return try await stage.print(ids) ? .success : .incomplete }
            return try await filter(through: stage, filtering).status
        }
    }
}

struct Dump: Program {
    static let configuration = CommandConfiguration(
        abstract: "Print all records of a collection, as upsert takes them back.")

    @OptionGroup var target: CollectionOption

    @Option(
        help: ArgumentHelp(
            "Only records whose metadata matches this JSON object; see hector-plugins(7).",
            valueName: "json"))
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "Begin after this id, in the order of the ids' bytes.", valueName: "id"))
    var after: String?

    @Flag(name: .customLong("no-vectors"), help: "Leave out the vectors.")
    var hasNoVectors = false

    @OptionGroup var form: EncodingOption

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func validate() throws { if let filter { try validateFilter(filter) } }

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            let facts = CollectionFacts(
                Database(plugin, timeout: call.duration), collection: target.collection)
            try await facts.requireCatalog()
            if filter != nil {
                try await facts.require("filter", "filter by metadata", for: "--filter")
            }
            try await printRecords(
                of: facts, after: after ?? "", filter: filter ?? "",
                RecordForm(includesVectors: !hasNoVectors, encoding: form.encoding))
            return .success
        }
    }
}
