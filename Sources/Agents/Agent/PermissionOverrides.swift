package import ArgumentParser
package import FilterKit

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

    @Option(
        help: ArgumentHelp(
            "End that program and refuse the call after this long: 90, 90s, 5m.",
            valueName: "time"))
    package var approverTimeout: Timeout?

    @Option(
        help: ArgumentHelp(
            "The treatment of calls that may do harm, made after the model has read documents, "
                + "pages or other untrusted text: ask, never or always.",
            valueName: "mode"))
    package var approveTainted: String?

    @Option(
        help: ArgumentHelp(
            "Let tools write this protected file; repeat for more. See hector-tool(1).",
            valueName: "path"))
    package var allowPath: [String] = []

    package init() {}

    package func validate() throws {
        if let approve, !["ask", "always", "never", "hints"].contains(approve) {
            throw ValidationError("--approve must be ask, always, never or hints, not '\(approve)'")
        }
        if let approveTainted, !["ask", "never", "always"].contains(approveTainted) {
            throw ValidationError(
                "--approve-tainted must be ask, never or always, not '\(approveTainted)'")
        }
    }

    package var arguments: [String] {
        var arguments: [String] = []
        func add(_ option: String, _ value: String?) {
            if let value { arguments += [option, value] }
        }
        for glob in allow { add("--allow", glob) }
        for glob in deny { add("--deny", glob) }
        add("--approve", approve)
        add("--approver", approver)
        add("--approver-timeout", approverTimeout?.argument)
        add("--approve-tainted", approveTainted)
        for path in allowPath { add("--allow-path", path) }
        return arguments
    }
}
