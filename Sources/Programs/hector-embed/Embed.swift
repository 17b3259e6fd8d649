import ArgumentParser
import FilterKit

@main
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

    static func main() { runToEnd() }
}

extension Embed: HasStandardOptions {
    typealias StandardOptions = EmbedRecords.Options
}
