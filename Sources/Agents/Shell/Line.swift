package import FilterKit
internal import Text

/// A line that the user has typed, or a line of a script.
package enum Line: Equatable, Sendable {
    case nothing
    case question(String)
    /// The mark ":::", with the text after it.
    case longInput(String)
    case command(Verb, String)
    /// A command for sh.
    case program(String)
    /// A command for sh, with the last answer, or the last record, as its input.
    case pipe(String, isRecord: Bool)

    /// - Throws: `Failure` for an unknown command or wrong arguments.
    package init(_ text: String) throws(Failure) {
        let trimmed = text.trimmed
        guard let first = text.first, !trimmed.isEmpty else {
            self = .nothing
            return
        }
        switch first {
        case ":" where text.hasPrefix(LongInput.mark):
            self = .longInput(String(text.dropFirst(LongInput.mark.count)))
        case "." where text.dropFirst().first?.isLetter == true:
            self = try Self.command(trimmed.dropFirst())
        case "!":
            self = .program(try Self.program(trimmed.dropFirst(), after: "!"))
        case "|":
            let rest = trimmed.dropFirst().trimmed
            let isRecord = rest == "json" || rest.hasPrefix("json ")
            self = .pipe(
                try Self.program(isRecord ? rest.dropFirst(4) : rest, after: "|"),
                isRecord: isRecord)
        // "exit" and "quit" work as in other shells, and are not questions to a model.
        default:
            let text = String(trimmed)
            self = ["exit", "quit"].contains(text) ? .command(.exit, "") : .question(text)
        }
    }

    private static func command(_ text: Substring) throws(Failure) -> Line {
        let name = text.prefix { !$0.isWhitespace }
        let argument = text[name.endIndex...].trimmed
        guard let verb = Verb(rawValue: String(name)) else {
            let near = Verb.meant(by: String(name))
            throw Failure(
                .usage,
                "no command '.\(name)', "
                    + (near.map { "did you mean '.\($0)'?" } ?? "see '.help'"))
        }
        if verb.needsArgument, argument.isEmpty {
            throw Failure(.usage, "'.\(verb)' needs more: .\(verb) \(verb.arguments)")
        }
        if verb.arguments.isEmpty, !argument.isEmpty {
            throw Failure(.usage, "'.\(verb)' takes no '\(argument)'")
        }
        return .command(verb, String(argument))
    }

    private static func program(_ text: Substring, after sign: String) throws(Failure) -> String {
        let program = text.trimmed
        if program.isEmpty { throw Failure(.usage, "'\(sign)' needs a command after it") }
        return String(program)
    }
}
