import Configuration
import YAML

/// The settings of a plugin, from its manifest's `config_schema`.
package struct ConfigurationSchema: Equatable, Sendable {
    package let required: [String]
    package let optional: [String]

    /// The values of settings that are not given.
    package let defaults: [String: String]

    /// The descriptions of settings, by their names.
    package let settings: [String: SettingDescription]

    init(_ fields: Fields) {
        required = fields.strings("required")
        optional = fields.strings("optional")
        defaults = Dictionary(
            uniqueKeysWithValues: fields.entries("defaults").map {
                ($0.entry.key, $0.entry.value.configurationText)
            })
        settings = Dictionary(
            uniqueKeysWithValues: fields.groups("settings", keys: SettingDescription.keys).map {
                ($0.key, SettingDescription($0.fields))
            })
    }

    static let keys = ["required", "optional", "defaults", "settings"]

    /// The names of all settings, each once.
    package var names: [String] {
        var seen: Set<String> = []
        return (required + optional + defaults.keys.sorted() + settings.keys.sorted()).filter {
            seen.insert($0).inserted
        }
    }
}
