import ArgumentParser
import Configuration
import EmbedFilter
import FilterKit
import PluginFilterKit
import PluginHost

/// The filter itself.
struct EmbedRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Add vectors to records; the default subcommand.")

    @Argument(
        help: ArgumentHelp(
            "Embed these texts, one record each, instead of reading standard input.",
            valueName: "text"))
    var texts: [String] = []

    @OptionGroup var options: Options

    func work() async throws -> ExitStatus { try await options.embed(texts) }
}

extension EmbedRecords {
    struct Options: ParsableArguments {
        @Flag(help: "The texts are questions; some models distinguish them from documents.")
        var query = false

        @Flag(help: "The texts are documents.")
        var document = false

        @Option(
            help: ArgumentHelp(
                "The form of the vectors: an array of numbers, or the base64 of 32-bit floats.",
                valueName: "form"))
        var encoding = VectorEncoding.float

        // For hector-index: keeps vectors for texts that come again.
        @Flag(help: .hidden)
        var cacheVectors = false

        @OptionGroup(title: "Choosing the plugin")
        var plugin: PluginOptions

        @OptionGroup(title: "Reading and writing records")
        var filtering: FilterOptions

        func validate() throws {
            if query, document {
                throw ValidationError("--query and --document exclude each other")
            }
        }

        func embed(_ texts: [String]) async throws -> ExitStatus {
            let specification = try plugin.find(.embedderProvider)
            return try await withChosenPlugin(
                specification, isDebugging: filtering.debug, start: filtering.start
            ) { plugin in
                let embedder = Embedder(
                    plugin, timeout: filtering.callTimeout,
                    purpose: query ? .query : document ? .document : nil,
                    parallel: filtering.callsPerUnit)
                let stage = EmbedStage(
                    VectorSource(embedder, keeping: cacheVectors ? specification : nil), encoding,
                    filtering)
                return try await filter(through: stage, filtering, texts: texts).status
            }
        }
    }
}
