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
    func search(_ texts: [String]) async throws -> ExitStatus {
        let database = try plugin.find(.databaseProvider)
        let embeds = mode != .text && (embed || making.embedder != nil || !texts.isEmpty)
        guard embeds else {
            return try await withChosenPlugin(
                database, isDebugging: filtering.debug, start: filtering.start
            ) { plugin in
                try await search(facts(plugin), nil, texts, nil)
            }
        }
        if let name = making.embedder {
            return try await withChosenPlugins(
                try making.find(name, plugin.config), database, isDebugging: filtering.debug,
                start: filtering.start
            ) { embedder, database in
                try await search(facts(database), embedder, texts, nil)
            }
        }
        let reader = texts.isEmpty ? LineReader(filtering) : nil
        let chosen = Once<CollectionFacts>()
        return try await withChosenPlugins(
            database, isDebugging: filtering.debug, start: filtering.start
        ) { database in
            // Without a record no plugin is started.
            if let reader, filtering.start == .withFirstCall, try await !reader.hasLine() {
                return try making.find(nil, plugin.config)
            }
            let facts = chosen.value(facts(database))
            // The collection's embedder may have gone; then the standard one is refused with its
            // name. A path is not taken from a database, which may be another person's.
            if let name = await facts.collection()?.properties["embedder"], !name.contains("/"),
                let embedder = try? making.find(name, plugin.config)
            {
                return embedder
            }
            return try making.find(nil, plugin.config)
        } _: { database, embedder in
            try await search(chosen.value(facts(database)), embedder, texts, reader)
        }
    }

    private func facts(_ plugin: Plugin) -> CollectionFacts {
        CollectionFacts(
            Database(plugin, timeout: filtering.callTimeout, parallel: filtering.callsPerUnit) {
                Diagnostics.warn($0)
            }, collection: target.collection)
    }

    private func search(
        _ facts: CollectionFacts, _ embedder: Plugin?, _ texts: [String], _ reader: LineReader?
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
        search.keepsAll = all
        search.printsText = explain && isStandardOutputTerminal && !filtering.null
        let stage = SearchStage(
            facts,
            embedder.map {
                Embedder(
                    $0, timeout: filtering.callTimeout, purpose: .query,
                    parallel: filtering.callsPerUnit)
            }, search, filtering)
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
