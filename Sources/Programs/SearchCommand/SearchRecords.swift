import ArgumentParser
import Catalog
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter
import Unix
import Waiting

struct SearchRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Search; the default subcommand.")

    @Argument(
        help: ArgumentHelp(
            "Search for these texts, one record each, instead of reading standard input.",
            valueName: "text"))
    var texts: [String] = []

    @OptionGroup var options: Options

    func work() async throws -> ExitStatus { try await options.search(texts) }
}

extension SearchRecords {
    struct Options: ParsableArguments {
        @OptionGroup var target: CollectionOption

        @Option(
            name: [.customShort("k"), .long],
            help: ArgumentHelp("The most results for each record.", valueName: "n"))
        var topK = 10

        // A number with a sign is a value, too.
        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Leave out results with a lower score.", valueName: "score"))
        var minScore: Float?

        @Option(
            help: ArgumentHelp(
                "Only documents whose metadata matches this JSON object; see hector-plugins(7).",
                valueName: "json"))
        var filter: String?

        @Option(
            help: ArgumentHelp(
                "Search by the vector and the words, or by one of them.", valueName: "mode"))
        var mode: SearchMode?

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp(
                "The weight of the vector, from 0 to 1; the words have the rest.",
                valueName: "weight"))
        var alpha: Float?

        @Flag(help: "Embed the text of each record that has no vector.")
        var embed = false

        @OptionGroup var making: EmbedderOption

        // For agents: the embedder to use unless the collection names another, which it does while
        // it is being made again with a new one.
        @Option(help: .hidden)
        var usualEmbedder: String?

        // For agents: the place from which the records have to be.
        @Option(help: .hidden)
        var source: String?

        @Option(
            help: ArgumentHelp(
                "Set an option of the search that is the database's own; repeat for more.",
                valueName: "key=value"))
        var searchOption: [String] = []

        @Flag(help: "Add to each result how its score came about.")
        var explain = false

        @Flag(help: "Keep results that say the same as a better one.")
        var all = false

        @Flag(help: "Add its vector to each result.")
        var vectors = false

        @OptionGroup var form: EncodingOption

        @OptionGroup(title: "Choosing the plugin")
        var plugin: PluginOptions

        @OptionGroup(title: "Reading and writing records")
        var filtering: FilterOptions

        func validate() throws {
            if !(1...100_000).contains(topK) {
                throw ValidationError("--top-k must be from 1 to 100000, not \(topK)")
            }
            if let minScore, !minScore.isFinite {
                throw ValidationError("--min-score must be a number, not '\(minScore)'")
            }
            if let filter { try validateFilter(filter) }
            if let alpha, !(0...1).contains(alpha) {
                throw ValidationError("--alpha must be from 0 to 1, not \(alpha)")
            }
            if alpha != nil, let mode, mode != .hybrid {
                throw ValidationError("--alpha and --mode \(mode) exclude each other")
            }
            if mode == .text, embed || making.embedder != nil {
                throw ValidationError("--mode text needs no embedder")
            }
            try validatePairs(searchOption, of: "--search-option")
        }
    }
}

extension SearchRecords.Options {
    /// - Parameter watches: True to embed records as documents, and to write only those that answer a
    ///   question of the collection.
    func search(_ texts: [String], watches: Bool = false) async throws -> ExitStatus {
        let database = try plugin.find(.databaseProvider)
        let embeds = mode != .text && (embed || watches || making.embedder != nil || !texts.isEmpty)
        guard embeds else {
            return try await withChosenPlugin(
                database, isDebugging: filtering.debug, start: filtering.start
            ) { plugin in
                try await search(facts(plugin), nil, texts, nil, watches)
            }
        }
        if let name = making.embedder {
            return try await withChosenPlugins(
                try making.find(name, plugin.config), database, isDebugging: filtering.debug,
                start: filtering.start
            ) { embedder, database in
                try await search(facts(database), embedder, texts, nil, watches)
            }
        }
        let further = FurtherPlugins(isDebugging: filtering.debug)
        let reader = texts.isEmpty ? LineReader(filtering) : nil
        let chosen = Once<CollectionFacts>()
        return try await withChosenPlugins(
            database, isDebugging: filtering.debug, start: filtering.start
        ) { database in
            // Without a record no plugin is started.
            if let reader, filtering.start == .withFirstCall, try await !reader.hasLine() {
                return try making.find(usualEmbedder, plugin.config)
            }
            let facts = chosen.value(facts(database))
            if let collection = await facts.collection(), let embedder = embedder(of: collection) {
                return embedder
            }
            return try making.find(usualEmbedder, plugin.config)
        } _: { database, embedder in
            let result: Result<ExitStatus, any Error>
            do {
                let status = try await search(
                    chosen.value(facts(database)), embedder, texts, reader, watches
                ) { collection in
                    guard let specification = self.embedder(of: collection),
                        let plugin = await further.plugin(specification)
                    else { return nil }
                    return self.embedder(plugin, watches)
                }
                result = .success(status)
            } catch { result = .failure(error) }
            await further.end()
            return try result.get()
        }
    }

    /// Finds the embedder that a collection names. It may have gone; then the usual one is refused
    /// with its name. A path is not taken from a database, which may be another person's.
    private func embedder(of collection: Database.Collection) -> Specification? {
        guard let name = collection.properties["embedder"], !name.contains("/") else { return nil }
        // The usual one may be a path, of which the collection has only the name.
        if let usualEmbedder, let usual = try? making.find(usualEmbedder, plugin.config),
            usual.name == name
        {
            return usual
        }
        return try? making.find(name, plugin.config)
    }

    private func embedder(_ plugin: Plugin, _ watches: Bool) -> Embedder {
        Embedder(
            plugin, timeout: filtering.callTimeout, purpose: watches ? .document : .query,
            parallel: filtering.callsPerUnit)
    }

    private func facts(_ plugin: Plugin) -> CollectionFacts {
        CollectionFacts(
            Database(plugin, timeout: filtering.callTimeout, parallel: filtering.callsPerUnit) {
                Diagnostics.warn($0)
            }, collection: target.collection)
    }

    private func search(
        _ facts: CollectionFacts, _ embedder: Plugin?, _ texts: [String], _ reader: LineReader?,
        _ watches: Bool, other: @escaping SearchStage.EmbedderFinder = { _ in nil }
    ) async throws -> ExitStatus {
        try await requireCapabilities(facts)
        var search = SearchOptions(limit: topK)
        search.minimumScore = minScore
        search.filter = filter ?? ""
        search.includesVectors = vectors
        search.encoding = form.encoding
        search.mode = mode
        search.alpha = alpha
        search.options = pairs(searchOption)
        search.explains = explain
        search.keepsAll = all || watches
        search.keepsOnlyFound = watches
        search.printsText = explain && isStandardOutputTerminal && !filtering.null
        search.source = source
        let stage = SearchStage(
            facts, embedder.map { self.embedder($0, watches) }, search, filtering, other: other)
        let report = try await FilterKit.filter(
            through: stage, filtering, texts: texts, reader: reader)
        // What is only put off may be found later.
        return stage.hasFound || report.status == .tryLater ? report.status : .incomplete
    }

    private func requireCapabilities(_ facts: CollectionFacts) async throws {
        if filter != nil {
            try await facts.require("filter", "filter by metadata", for: "--filter")
        }
        let asking: String? =
            switch mode {
            case .hybrid?, .text?: "--mode \(mode!)"
            case .vector?, nil:
                alpha != nil
                    ? "--alpha"
                    : !searchOption.isEmpty ? "--search-option" : explain ? "--explain" : nil
            }
        if let asking { try await facts.require("hybrid", "search by words", for: asking) }
    }
}

/// A value that is made once.
private final class Once<Value: Sendable>: Sendable {
    private let latch = Latch<Value>()

    /// Returns the first value that was given.
    func value(_ make: @autoclosure () -> Value) -> Value {
        if let value = latch.value { return value }
        latch.set(make())
        return latch.value!
    }
}
