internal import FilterKit

/// `.help`.
enum HelpCommand {
    /// The list of all commands, or how one is used.
    ///
    /// - Throws: `Failure` that says which name is near.
    static func text(_ name: String) throws(Failure) -> String {
        if name.isEmpty { return Verb.list }
        let name = name.drop { $0 == "." }
        if let verb = Verb(rawValue: String(name)) { return text(verb) }
        // A name with something behind it, or an unknown one.
        _ = try Line(".\(name)")
        return ""
    }

    private static func text(_ verb: Verb) -> String {
        ".\(verb) \(verb.arguments)\n    \(verb.summary)\n"
    }
}
