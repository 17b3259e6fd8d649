import ArgumentParser
import FilterKit
import PluginFilterKit
import ToolFilter

/// A call of one tool, with arguments from the command line.
struct Call: Program, ForwardsWords {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Run one tool and print its result.",
        usage: """
            hector-tool call [<option> ...] <tool> [<json>] [--<name> <value> ...]
            hector-tool call [<option> ...] <tool> --help
            """,
        discussion: """
            The tool's arguments come after its name: as a JSON object, as options made from its \
            JSON Schema, or both. Options of hector-tool itself go before the name.
            """)

    @OptionGroup(title: "Permissions")
    var permission: PermissionOptions

    @OptionGroup var output: OutputOptions

    @Flag(help: "Show on standard error the progress that the tool reports.")
    var progress = false

    @OptionGroup(title: "Choosing the plugin")
    var plugin: ToolPluginOptions

    @OptionGroup var call: CallOptions

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The tool and its arguments.", valueName: "tool"))
    var words: [String] = []

    func validate() throws {
        try refuseUnknownOption(Self.self, in: words)
        if words.isEmpty {
            throw ValidationError("name the tool to call; 'hector-tool list' tells which there are")
        }
    }

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenTools(plugin, timeout: call.timeout, isDebugging: call.debug) {
            toolbox in
            let runner = ToolRunner(
                toolbox, permission.approval, mostOutput: output.maxOutput.bytes)
            return try await ToolCommandLine(
                name: words[0], words: Array(words.dropFirst()),
                progress: progress ? CallProgressLine() : nil
            ).run(toolbox, runner)
        }
    }
}

/// Refuses unknown options before the tool's name: those are this program's, not the tool's.
func refuseUnknownOption(_ command: any ParsableCommand.Type, in words: [String]) throws {
    guard let first = words.first, first.hasPrefix("-") else { return }
    if ["-h", "--help"].contains(first) { throw CleanExit.helpRequest(command) }
    if first == "--version" { throw CleanExit.message("hector-tool \(version)") }
    throw ValidationError("Unknown option '\(first)'")
}
