internal import ArgumentParser
internal import Unix

/// Rules that adapt ArgumentParser's messages to the style of this project. Each is a function with
/// its reason. The tests show the original messages of ArgumentParser 1.8.2 beside the results.
enum ParserRepair {
    /// Begins a message in lower case.
    ///
    /// ArgumentParser writes "Unknown option", but the message follows the program's name.
    static func lowerCase(_ message: String) -> String {
        message.prefix(1).lowercased() + message.dropFirst()
    }

    /// Returns the message for an unknown subcommand, or nil for another problem.
    ///
    /// ArgumentParser calls it an unexpected argument, and does not list the subcommands.
    static func unknownSubcommand(
        _ message: String, of root: any ParsableCommand.Type, _ arguments: [String]
    ) -> String? {
        guard message.lowercased().contains("unexpected argument") else { return nil }
        var command = root
        for word in arguments {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty || word.hasPrefix("-") { return nil }
            guard let named = subcommands.first(where: { $0._commandName == word }) else {
                // The word may be an argument of the default subcommand, whose name is optional.
                guard message.contains("'\(word)'") else { return nil }
                let names = subcommands.map { $0._commandName }
                return "no command '\(word)', expected one of \(names.joined(separator: ", "))"
            }
            command = named
        }
        return nil
    }

    /// Returns flags such as `-xh` that were taken for a request for help, or nil.
    ///
    /// ArgumentParser finds the h before it finds that it does not know the other letters.
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

    /// Returns the help of a command with a default subcommand.
    ///
    /// ArgumentParser shows either the subcommands or the options of the default one.
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

    /// Returns the help without the name of the default subcommand.
    ///
    /// ArgumentParser writes the name into the usage, where it looks like a required word.
    static func withoutStandardName(_ help: String, of command: any ParsableCommand.Type) -> String
    {
        guard let name = command.configuration.defaultSubcommand?.configuration.commandName else {
            return help
        }
        return help.replacing("\(Diagnostics.programName) \(name)", with: Diagnostics.programName)
    }

    /// Raises COLUMNS if it is too small for the columns of the help.
    ///
    /// ArgumentParser breaks lines at COLUMNS, which is 0 in some containers, and crashes if it is
    /// too small.
    static func widenHelp() {
        let columns = Environment.current["COLUMNS"].flatMap { Int($0) } ?? terminalWidth
        if let columns, columns < 40 { Environment.set("COLUMNS", to: "40") }
    }
}
