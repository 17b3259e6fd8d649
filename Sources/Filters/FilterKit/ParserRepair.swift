internal import ArgumentParser
internal import Unix

/// Rules that make of what ArgumentParser says what a program of this project says. Each is one
/// function with the reason for it; the tests have beside it what ArgumentParser 1.8.2 says by itself.
enum ParserRepair {
    /// Begins a message in lower case.
    ///
    /// "Unknown option", as ArgumentParser has it, is not how a sentence goes on after the program's
    /// name.
    static func lowerCase(_ message: String) -> String {
        message.prefix(1).lowercased() + message.dropFirst()
    }

    /// Returns what to say of a word where a subcommand belongs, or nil for another problem.
    ///
    /// ArgumentParser calls it an unexpected argument, and does not say which ones there are.
    static func unknownSubcommand(
        _ message: String, of root: any ParsableCommand.Type, _ arguments: [String]
    ) -> String? {
        guard message.lowercased().contains("unexpected argument") else { return nil }
        var command = root
        for word in arguments {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty || word.hasPrefix("-") { return nil }
            guard let named = subcommands.first(where: { $0._commandName == word }) else {
                // The word may be an argument of the default subcommand, whose name may be left
                // out.
                guard message.contains("'\(word)'") else { return nil }
                let names = subcommands.map { $0._commandName }
                return "no command '\(word)', expected one of \(names.joined(separator: ", "))"
            }
            command = named
        }
        return nil
    }

    /// Returns flags such as `-xh` that were taken for a question for help, or nil.
    ///
    /// ArgumentParser sees the h among them before it sees that it does not know the others.
    static func flagsTakenForHelp(_ arguments: [String]) -> String? {
        let asked = arguments.contains {
            ["-h", "--help", "help", "--version"].contains($0) || $0.hasPrefix("--generate-")
                || $0.hasPrefix("---") || $0.hasPrefix("--help-") || $0.hasPrefix("--experimental-")
        }
        if asked { return nil }
        return arguments.first { argument in
            argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.contains("h")
        }
    }

    /// Returns the help of a command that does something of its own beside having subcommands.
    ///
    /// ArgumentParser shows either the subcommands or the options of the one that need not be named.
    static func wholeHelp(of command: any ParsableCommand.Type) -> String {
        let own = command.helpMessage()
        guard let standard = command.configuration.defaultSubcommand,
            let beginning = own.firstRange(of: "USAGE:"),
            let subcommands = own.firstRange(of: "SUBCOMMANDS:")
        else { return own }
        let help = command.helpMessage(for: standard)
        guard let usage = help.firstRange(of: "USAGE:") else { return own }
        return own[..<beginning.lowerBound] + help[usage.lowerBound...] + "\n"
            + own[subcommands.lowerBound...]
    }

    /// Returns help without the name of the subcommand that need not be named.
    ///
    /// ArgumentParser writes it into the usage, where a user would take it for a part of the command.
    static func withoutStandardName(_ help: String, of command: any ParsableCommand.Type) -> String
    {
        guard let name = command.configuration.defaultSubcommand?.configuration.commandName else {
            return help
        }
        return help.replacing("\(Diagnostics.programName) \(name)", with: Diagnostics.programName)
    }

    /// Leaves the help's columns some room.
    ///
    /// ArgumentParser breaks lines where COLUMNS says, which is 0 in some containers, and crashes if
    /// there is no room.
    static func widenHelp() {
        let columns = Environment.current["COLUMNS"].flatMap { Int($0) } ?? terminalWidth
        if let columns, columns < 40 { Environment.set("COLUMNS", to: "40") }
    }
}
