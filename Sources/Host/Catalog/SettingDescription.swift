import Configuration
import YAML

/// A manifest's words about one setting, for people and for the search for what is missing.
package struct SettingDescription: Equatable, Sendable {
    /// One sentence or less.
    package let meaning: String?

    /// Such as `string`, `integer`, `duration` or `url`.
    package let type: String?

    /// The plugin's way without it, where that is not a value of the manifest's `defaults`.
    package let standard: String?

    /// The variable of the environment that stands in for it.
    package let variable: String?

    /// The settings of which one makes it dispensable; nil if it may always be left out.
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

/// A setting that a plugin lacks.
package struct LackingSetting: Equatable, Sendable {
    package let name: String

    /// The variable of the environment that would do as well.
    package let variable: String?

    /// The settings of which one would do as well.
    let alternatives: [String]
}

extension ConfigurationSchema {
    /// The settings that a plugin lacks to work.
    ///
    /// - Parameters:
    ///   - given: The settings that it gets.
    ///   - environment: Which it gets, too.
    package func lacking(
        given: Set<String>, environment: [String: String]
    ) -> [LackingSetting] {
        func isGiven(_ name: String) -> Bool {
            if given.contains(name) || defaults[name] != nil { return true }
            guard let variable = settings[name]?.variable else { return false }
            return environment[variable]?.isEmpty == false
        }
        return names.compactMap { name in
            // What is required has to be in the configuration.
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
    /// A sentence about what is lacking, such as "needs api_key (or $OPENAI_API_KEY)"; nil
    /// if nothing is.
    package var sentence: String? {
        if isEmpty { return nil }
        return "needs "
            + map { setting in
                // Where the variable is the common way, the others are not.
                setting.variable.map { "\(setting.name) (or $\($0))" }
                    ?? ([setting.name] + setting.alternatives).joined(separator: " or ")
            }.joined(separator: ", ")
    }
}
