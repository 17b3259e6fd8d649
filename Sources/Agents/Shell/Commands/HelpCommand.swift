internal import FilterKit

/// The command `.help`.
enum HelpCommand {
    /// Returns the list of all commands, or the usage of one.
    ///
    /// - Throws: `Failure` that suggests a similar name.
    static func text(_ name: String) throws(Failure) -> String {
        if name.isEmpty { return Verb.list }
        let name = name.drop { $0 == "." }
        if let verb = Verb(rawValue: String(name)) { return text(verb) }
        // The name is unknown or followed by other text.
        _ = try Line(".\(name)")
        return ""
    }

    private static func text(_ verb: Verb) -> String {
        ".\(verb) \(verb.arguments)\n    \(verb.summary)\n"
    }
}
