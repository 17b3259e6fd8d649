import ArgumentParser
import FilterKit
import Unix

/// A list of the commands.
struct Help: Program {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "List all commands, or print the help of one.")

    @Argument(help: "The command.")
    var command: String?

    func work() throws -> ExitStatus {
        guard let command else {
            try writeToStandardOutput(list())
            return .success
        }
        if let own = Hector.configuration.subcommands.first(where: {
            $0.configuration.commandName == command
        }) {
            try writeToStandardOutput(Hector.helpMessage(for: own) + "\n")
            return .success
        }
        // This returns only if there is no such program.
        OtherProgram.become([command, "--help"])
        throw Failure(.usage, "no command '\(command)'; 'hector help' lists those there are")
    }

    private func list() -> String {
        var text = "Commands of hector itself:\n"
        for own in Hector.configuration.subcommands {
            text += line(
                own.configuration.commandName ?? "", own.configuration.abstract)
        }
        text += "\nPrograms, as 'hector NAME' or 'hector-NAME':\n"
        for name in OtherProgram.names { text += line(name, Self.abstracts[name] ?? "") }
        return text + "\n'hector help NAME' tells more of each, and so do the manual pages.\n"
    }

    private func line(_ name: String, _ abstract: String) -> String {
        let margin = String(repeating: " ", count: max(1, 12 - name.count))
        return "  \(name)\(abstract.isEmpty ? "" : margin + abstract)\n"
    }

    /// The abstracts of Hector's own programs; those of others are listed by their names only.
    private static let abstracts = [
        "chunk": "Cut files into records.",
        "embed": "Add to each record the vector of its text.",
        "generate": "Have a language model answer.",
        "index": "Keep collections equal to folders.",
        "plugin": "List, describe, serve, check and install plugins.",
        "reason": "Have a reasoning strategy decide how each record goes on.",
        "rerank": "Put the results of each record into a better order.",
        "search": "Find the records nearest to each record, and store them.",
        "shell": "Talk to an agent at a terminal.",
        "tool": "Run the tool calls of each record and add their results.",
    ]
}
