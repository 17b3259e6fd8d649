internal import ArgumentParser
internal import Unix

/// The message or text for a user when ArgumentParser has found no program to run.
enum ParserDiagnosis: Equatable {
    /// Output that was requested: help, a version or a script.
    case text(String)

    /// A wrong command line.
    ///
    /// - Parameter helpOf: The command whose help is of use; nil if the help would not say more.
    case problem(String, helpOf: String?)

    /// - Parameter error: The error thrown by ArgumentParser, which may be help.
    init(of error: any Error, from root: any ParsableCommand.Type, _ arguments: [String]) {
        ParserRepair.widenHelp()
        guard root.exitCode(for: error) == .success else {
            let message = root.message(for: error)
            let problem =
                ParserRepair.unknownSubcommand(message, of: root, arguments) ?? message
            self = .problem(
                ParserRepair.lowerCase(problem),
                helpOf: Diagnostics.programName + Self.subcommand(of: root, arguments))
            return
        }
        if let flags = ParserRepair.flagsTakenForHelp(arguments) {
            self = .problem("unknown option '\(flags)'", helpOf: nil)
            return
        }
        let isForAll = arguments.allSatisfy { ["-h", "--help"].contains($0) }
        let help = isForAll ? ParserRepair.wholeHelp(of: root) : root.fullMessage(for: error)
        self = .text(ParserRepair.withoutStandardName(help, of: root))
    }

    /// Returns the subcommand that the command line begins with, after a space, or an empty string.
    private static func subcommand(
        of root: any ParsableCommand.Type, _ arguments: [String]
    ) -> String {
        guard let name = arguments.first,
            root.configuration.subcommands.contains(where: { $0._commandName == name })
        else { return "" }
        return " \(name)"
    }

    /// Prints the text or the problem, and ends the process.
    func end() -> Never {
        switch self {
        case .text(let text): endProcess(printing: text)
        case .problem(let message, let helpOf):
            Diagnostics.error(message)
            if let helpOf { Diagnostics.line("Try '\(helpOf) --help' for more information.") }
            endProcess(ExitStatus.usage.rawValue)
        }
    }
}
