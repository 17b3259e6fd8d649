import ArgumentParser
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

    @OptionGroup var making: EmbedderOption

    @OptionGroup var facts: PropertyOptions

    @OptionGroup var printing: AcknowledgementOptions

    // For hector-index: keeps vectors for texts that come again, and refuses others than these.
    @Flag(help: .hidden)
    var cacheVectors = false

    @Option(help: .hidden)
    var expectModel: String?

    @Option(help: .hidden)
    var expectDimension: Int?

    // For hector-index: the place from which the records have to be that are there.
    @Option(help: .hidden)
    var source: String?

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func validate() throws {
        if !facts.property.isEmpty, !create {
            throw ValidationError("--property needs --create")
        }
    }

    func work() async throws -> ExitStatus {
        if embed || making.embedder != nil { return try await embedAndUpsert() }
        return try await withChosenPlugin(
            .databaseProvider, plugin, isDebugging: filtering.debug, start: filtering.start
        ) { plugin in
            try await filter(through: try await stage(plugin), filtering).status
        }
    }

    private func embedAndUpsert() async throws -> ExitStatus {
        let specification = try making.find(making.embedder, plugin.config)
        var expected = EmbedAndUpsertStage.ExpectedVectors()
        expected.model = expectModel ?? ""
        expected.dimension = expectDimension ?? 0
        let vectors = expected
        return try await withChosenPlugins(
            specification, try plugin.find(.databaseProvider), isDebugging: filtering.debug,
            start: filtering.start
        ) { embedder, database in
            let embedder = Embedder(
                embedder, timeout: filtering.callTimeout, purpose: .document,
                parallel: filtering.callsPerUnit)
            let source = VectorSource(embedder, keeping: cacheVectors ? specification : nil)
            let stage = EmbedAndUpsertStage(
                source, try await stage(database), filtering, expected: vectors)
            return try await filter(through: stage, filtering).status
        }
    }

    private func stage(_ plugin: Plugin) async throws -> UpsertStage {
        let collection = CollectionFacts(
            Database(plugin, timeout: filtering.callTimeout, parallel: filtering.callsPerUnit),
            collection: target.collection)
        try await facts.check(collection)
        if let failure = await collection.refusal(ofSource: source) { throw failure }
        return UpsertStage(
            collection, create ? UpsertStage.Creation(properties: facts.values) : nil,
            printing.acknowledgement, filtering)
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
