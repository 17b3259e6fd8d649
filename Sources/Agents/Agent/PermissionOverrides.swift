package import ArgumentParser

/// The permissions of tools, passed on to hector-tool.
package struct PermissionOverrides: ParsableArguments {
    @Flag(help: "Do not offer tools to the model.")
    package var noTools = false

    @Option(help: ArgumentHelp("Run tools whose name matches without asking.", valueName: "glob"))
    package var allow: [String] = []

    @Option(help: ArgumentHelp("Never run tools whose name matches.", valueName: "glob"))
    package var deny: [String] = []

    @Option(
        help: ArgumentHelp(
            "The treatment of other tools: ask, always, never or hints.", valueName: "mode"))
    package var approve: String?

    @Option(
        help: ArgumentHelp(
            "Ask this program, not the terminal; see hector-tool(1).", valueName: "command"))
    package var approver: String?

    package init() {}

    package func validate() throws {
        if let approve, !["ask", "always", "never", "hints"].contains(approve) {
            throw ValidationError("--approve must be ask, always, never or hints, not '\(approve)'")
        }
    }

    package var arguments: [String] {
        allow.flatMap { ["--allow", $0] } + deny.flatMap { ["--deny", $0] }
            + (approve.map { ["--approve", $0] } ?? [])
            + (approver.map { ["--approver", $0] } ?? [])
    }
}
