import ArgumentParser
import FilterKit

/// Runs the program hector-embed.
package func runEmbed() -> Never { Embed.runToEnd() }

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-embed",
        abstract: "Add to each record the vector of its text.",
        discussion: """
            Reads JSON lines from standard input and writes each with a member 'vector' added; \
            everything else in a line stays as it is. See hector-embed(1).
            """,
        version: "hector-embed \(version)",
        subcommands: [EmbedRecords.self, EmbedderInfo.self],
        defaultSubcommand: EmbedRecords.self)
}

extension Embed: HasStandardOptions {
    typealias StandardOptions = EmbedRecords.Options
}
