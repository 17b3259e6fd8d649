import Settings
import YAML

/// The settings a plugin has, a manifest's `config_schema`.
package struct ConfigurationSchema: Equatable, Sendable {
    package let required: [String]
    package let optional: [String]

    /// What a setting is that nobody gives.
    package let defaults: [String: String]

    init(_ fields: Fields) {
        required = fields.strings("required")
        optional = fields.strings("optional")
        defaults = Dictionary(
            uniqueKeysWithValues: fields.entries("defaults").map {
                ($0.entry.key, $0.entry.value.configurationText)
            })
    }

    static let keys = ["required", "optional", "defaults"]

    /// Every setting there is, each once.
    package var names: [String] {
        var seen: Set<String> = []
        return (required + optional + defaults.keys.sorted()).filter { seen.insert($0).inserted }
    }
}
