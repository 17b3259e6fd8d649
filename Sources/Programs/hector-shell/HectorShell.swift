import Agent
import ArgumentParser
import FilterKit
import Shell

@main
struct HectorShell: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-shell",
        abstract: "Talk to an agent at a terminal.",
        discussion: """
            Lines are questions, or commands that begin with a dot; '.help' lists them. Without a \
            terminal on standard input, its lines are a script. See hector-shell(1).
            """,
        version: "hector-shell \(version)")

    @OptionGroup(title: "The agent")
    var agent: AgentOptions

    @OptionGroup(title: "Permissions of tools")
    var permissions: PermissionOverrides

    @Flag(
        inversion: .prefixedNo,
        help: "Print text as it comes, not only what is known to be the answer.")
    var stream: Bool?

    @Option(
        help: ArgumentHelp("Write everything that crosses a pipe to this file.", valueName: "file"))
    var trace: String?

    @OptionGroup(title: "The session")
    var session: SessionOptions

    @Flag(help: "In a script, go on after a failure.")
    var keepGoing = false

    static func main() { runToEnd() }

    /// Unlike other programs, it works on the main thread, which readline needs.
    func run() throws {
        requireResources()
        if agent.quiet { Diagnostics.beQuiet() }
        MainActor.assumeIsolated { runShell(options, editor: ReadlineEditor()) }
    }

    private var options: ShellOptions {
        var options = ShellOptions(
            agent: agent.agent, overrides: agent.overrides(permissions: permissions),
            plan: agent.plan, session: session.chosen)
        options.keepsSession = !session.noSession
        options.streams = stream
        options.trace = trace
        options.keepsGoing = keepGoing
        return options
    }
}
