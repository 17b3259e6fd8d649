package import ArgumentParser

extension ParsableCommand {
    /// Serves a shell that completes a command line or asks for its completion script; returns in
    /// all other cases.
    static func completeIfAsked(_ arguments: [String]) {
        guard let first = arguments.first,
            first.hasPrefix("---completion") || first.hasPrefix("--generate-completion-script"),
            let command = self as? any HasStandardOptions.Type
        else { return }
        func complete<Command: HasStandardOptions>(_ command: Command.Type) {
            if let shell = CompletionShell(askedForBy: arguments) {
                let script = Completed<Command>.completionScript(for: shell)
                endProcess(printing: Command.extended(script, for: shell))
            }
            do { _ = try Completed<Command>.parseAsRoot(arguments) } catch {
                ParserDiagnosis(of: error, from: Completed<Command>.self, arguments).end()
            }
        }
        complete(command)
    }
}

/// A command with subcommands, one of which is the default and need not be named.
package protocol HasStandardOptions: ParsableCommand {
    /// The options of the default subcommand, without its arguments: where those may stand, a shell
    /// completes the names of subcommands.
    associatedtype StandardOptions: ParsableArguments

    /// Returns the script for a shell, extended by completions other than options and subcommands.
    static func extended(_ script: String, for shell: CompletionShell) -> String
}

extension HasStandardOptions {
    package static func extended(_ script: String, for shell: CompletionShell) -> String { script }
}

/// A command as a shell should complete it: with the options of the default subcommand, which
/// ArgumentParser offers only after its name.
private struct Completed<Root: HasStandardOptions>: ParsableCommand {
    static var configuration: CommandConfiguration {
        var configuration = Root.configuration
        configuration.defaultSubcommand = nil
        // ArgumentParser itself adds a subcommand of this name.
        configuration.subcommands.removeAll { $0.configuration.commandName == "help" }
        return configuration
    }

    @OptionGroup var options: Root.StandardOptions
}

extension CompletionShell {
    /// Finds the shell whose script the arguments ask for; fails if they do not ask for a supported
    /// one.
    fileprivate init?(askedForBy arguments: [String]) {
        let words = arguments.flatMap { $0.split(separator: "=", maxSplits: 1) }.map(String.init)
        guard words.first == "--generate-completion-script", words.count <= 2,
            let shell = words.count == 2 ? Self(rawValue: words[1]) : .autodetected()
        else { return nil }
        self = shell
    }
}
