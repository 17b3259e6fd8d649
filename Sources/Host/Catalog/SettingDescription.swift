import Configuration
import YAML

/// The description of a setting in a manifest, for people and for finding missing settings.
package struct SettingDescription: Equatable, Sendable {
    /// The meaning of the setting, in at most one sentence.
    package let meaning: String?

    /// The type, such as `string`, `integer`, `duration` or `url`.
    package let type: String?

    /// The behavior of the plugin without it, if the manifest's `defaults` do not have a value.
    package let standard: String?

    /// The environment variable that can replace the setting.
    package let variable: String?

    /// The settings of which any one makes this one unnecessary; nil if it may always be omitted.
    package let neededWithout: [String]?

    static let keys = ["description", "type", "default", "environment", "needed_without"]

    init(_ fields: Fields) {
        meaning = fields.string("description")
        type = fields.string("type")
        standard = fields.node("default").map(\.configurationText)
        variable = fields.string("environment")
        neededWithout = fields.node("needed_without").map { _ in fields.strings("needed_without") }
    }
}

/// A setting that is missing for a plugin.
package struct LackingSetting: Equatable, Sendable {
    package let name: String

    /// The environment variable that can replace the setting.
    package let variable: String?

    /// The settings of which any one can replace this one.
    let alternatives: [String]
}

extension ConfigurationSchema {
    /// Returns the settings that are missing for a plugin to work.
    ///
    /// - Parameters:
    ///   - given: The settings that it gets.
    ///   - environment: The environment that it gets.
    package func lacking(
        given: Set<String>, environment: [String: String]
    ) -> [LackingSetting] {
        func isGiven(_ name: String) -> Bool {
            if given.contains(name) || defaults[name] != nil { return true }
            guard let variable = settings[name]?.variable else { return false }
            return environment[variable]?.isEmpty == false
        }
        return names.compactMap { name in
            // A required setting has to be in the configuration.
            if required.contains(name) {
                return given.contains(name) || defaults[name] != nil
                    ? nil : LackingSetting(name: name, variable: nil, alternatives: [])
            }
            guard let others = settings[name]?.neededWithout, !isGiven(name),
                !others.contains(where: isGiven)
            else { return nil }
            return LackingSetting(
                name: name, variable: settings[name]?.variable, alternatives: others)
        }
    }
}

extension [LackingSetting] {
    /// A sentence about the missing settings, such as "needs api_key (or $OPENAI_API_KEY)"; nil if
    /// there are none.
    package var sentence: String? {
        if isEmpty { return nil }
        return "needs "
            + map { setting in
                // If there is a variable, it is the usual way, and the other settings are not
                // mentioned.
                setting.variable.map { "\(setting.name) (or $\($0))" }
                    ?? ([setting.name] + setting.alternatives).joined(separator: " or ")
            }.joined(separator: ", ")
    }
}
