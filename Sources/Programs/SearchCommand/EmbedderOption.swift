import ArgumentParser
import Catalog
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost

/// The option for the embedder of a command that embeds.
struct EmbedderOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The embedder for --embed, which this implies: a name as for --plugin, or a path.",
            valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.embedderProvider) })
    var embedder: String?

    /// Finds an embedder by its name; nil for the standard one.
    ///
    /// - Throws: `Failure`.
    func find(_ name: String?, _ config: String?) throws -> Specification {
        var chosen = PluginOptions()
        chosen.plugin = nil
        chosen.socket = nil
        chosen.option = []
        chosen.config = config
        return try chosen.find(name, .embedderProvider)
    }
}

/// The option for the form of vectors.
struct EncodingOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The form of vectors: an array of numbers, or the base64 of 32-bit floats.",
            valueName: "form"))
    var encoding = VectorEncoding.float
}

/// - Throws: An error unless each text is `KEY=VALUE`.
func validatePairs(_ texts: [String], of option: String) throws {
    try SettingArguments.validate(texts, of: option)
}

/// Returns the last value of each key.
func pairs(_ texts: [String]) -> [String: String] {
    texts.reduce(into: [:]) { pairs, text in
        let equals = text.firstIndex(of: "=") ?? text.endIndex
        pairs[String(text[..<equals])] = String(text[equals...].dropFirst())
    }
}
