import ArgumentParser
import FilterKit

/// Runs the program hector-generate.
package func runGenerate() -> Never {
    Generate.runToEnd(joiningParameters(Array(CommandLine.arguments.dropFirst())))
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-generate",
        abstract: "Have a language model answer.",
        discussion: """
            With a prompt: prints the answer as it comes; standard input is the context. Without \
            one: reads JSON lines from standard input and adds the answer to each record's \
            'messages'. See hector-generate(1).
            """,
        version: "hector-generate \(version)",
        subcommands: [GenerateRecords.self, ModelInfo.self],
        defaultSubcommand: GenerateRecords.self)
}

extension Generate: HasStandardOptions {
    typealias StandardOptions = GenerateRecords.Options
}
