import ArgumentParser
import FilterKit
import PluginHost
import ToolFilter

/// The filter itself.
struct RunCalls: Program, ForwardsWords {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the tool calls of records; the default subcommand.",
        usage: """
            hector-tool [run] [<option> ...]
            hector-tool [<option> ...] <tool> [<json>] [--<name> <value> ...]
            """)

    @OptionGroup var options: Options

    // Words that are not an option of this program are a tool and its arguments: the short form of
    // `call`.
    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var call: [String] = []

    func validate() throws {
        try refuseUnknownOption(Self.self, in: call)
    }

    func work() async throws -> ExitStatus { try await options.run(call) }
}

extension RunCalls {
    struct Options: ParsableArguments {
        @OptionGroup(title: "Permissions")
        var permission: PermissionOptions

        @OptionGroup var output: OutputOptions

        @Flag(help: "First write a record with the tools that may run, as 'tools'.")
        var offer = false

        @Flag(help: "Write events before each record, as lines with 'event'.")
        var stream = false

        @OptionGroup(title: "Choosing the plugin")
        var plugin: ToolPluginOptions

        @OptionGroup(title: "Reading and writing records")
        var filtering: FilterOptions

        func run(_ call: [String]) async throws -> ExitStatus {
            try await withChosenTools(
                plugin, timeout: filtering.timeout, isDebugging: filtering.debug,
                start: filtering.start
            ) { toolbox in
                if let name = call.first {
                    let runner = ToolRunner(
                        toolbox, permission.approval, mostOutput: output.maxOutput.bytes)
                    return try await ToolCommandLine(
                        name: name, words: Array(call.dropFirst()),
                        progress: filtering.progress && !filtering.quiet ? CallProgressLine() : nil
                    ).run(toolbox, runner)
                }
                let runner = ToolRunner(
                    toolbox, permission.approval, jobs: filtering.jobs ?? ToolRunner.defaultJobs,
                    mostOutput: output.maxOutput.bytes)
                let events = stream ? InterimOutput() : nil
                let permissions = permission.permissions
                let stage = ToolStage(runner, filtering, events: events) {
                    () async throws(PluginError) in
                    offer ? try await changedTools(of: toolbox, permissions) : nil
                }
                if offer { try await printOffer(of: toolbox, permissions) }
                return stage.status(
                    try await filter(through: stage, filtering, interimOutput: events))
            }
        }
    }
}

struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Cut the result of a tool after this many bytes: 100000, 512K, 2M.", valueName: "size"))
    var maxOutput = ByteCount(256 << 10)
}
