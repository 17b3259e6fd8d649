import ArgumentParser
import FilterKit

/// Runs the program hector-tool.
package func runTool() -> Never { HectorTool.runToEnd() }

struct HectorTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-tool",
        abstract: "Run the tool calls of each record and add their results.",
        discussion: """
            Reads JSON lines from standard input, runs the calls that the last message of each \
            record's 'messages' asks for, and writes the record with a message for each added. \
            Asks on the terminal before it runs what may change something. See hector-tool(1).
            """,
        version: "hector-tool \(version)",
        subcommands: [RunCalls.self, List.self, Call.self],
        defaultSubcommand: RunCalls.self)
}

extension HectorTool: HasStandardOptions {
    typealias StandardOptions = RunCalls.Options
}
