import Agent
import ArgumentParser
import FilterKit

/// Runs the program hector, or the one that `hector NAME` stands for.
package func runHector() -> Never {
    let arguments = Array(CommandLine.arguments.dropFirst())
    OtherProgram.become(arguments)
    Hector.runToEnd(arguments)
}

struct Hector: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector",
        abstract: "Answer questions with agents made of filters.",
        discussion: """
            With a question: prints an agent's answer. Without one: answers each line of standard \
            input. Any other 'hector NAME' runs the program 'hector-NAME'. See hector(1).
            """,
        version: "hector \(version)",
        subcommands: [
            RunAgent.self, Replay.self, QueryStore.self, Validate.self, Sessions.self,
            ApprovalsCommand.self,
            ConfigurationCommand.self, KeysCommand.self, TrustFolder.self,
            Help.self,
        ],
        defaultSubcommand: RunAgent.self)
}

extension Hector: HasStandardOptions {
    typealias StandardOptions = RunAgent.Options

    static func extended(_ script: String, for shell: CompletionShell) -> String {
        OtherProgram.completion(extending: script, for: shell)
    }
}
