package import ArgumentParser
internal import FilterKit
package import PluginHost
internal import Unix

/// The rules by which tools run, are asked about, or are refused.
package struct Permissions: Sendable {
    /// The treatment of a tool that no pattern names.
    package enum Mode: String, CaseIterable, ExpressibleByArgument, Sendable {
        /// Tools that declare that they change nothing run; others are asked about.
        case hints
        case ask
        case always
        case never
    }

    package enum Verdict: Equatable, Sendable {
        case run
        case ask
        /// The rule, in words that follow "is refused by".
        case refuse(String)
    }

    /// Patterns of names, as for fnmatch(3). If `only` has any, a tool that none of them names
    /// counts as missing.
    package var only: [String]
    package var allowed: [String]
    package var denied: [String]
    package var mode: Mode

    package init(
        only: [String] = [], allowed: [String] = [], denied: [String] = [], mode: Mode = .hints
    ) {
        self.only = only
        self.allowed = allowed
        self.denied = denied
        self.mode = mode
    }

    /// - Parameter ownName: The name without its prefix; nil if it has no prefix. This name counts
    ///   if it takes a permission away, and never if it gives one.
    package func verdict(on tool: Tools.Tool, ownName: String? = nil) -> Verdict {
        func names(_ glob: String) -> Bool {
            matches(tool.name, glob: glob) || matches(ownName ?? tool.name, glob: glob)
        }
        if let glob = denied.first(where: names) { return .refuse("--deny '\(glob)'") }
        if !only.isEmpty, !only.contains(where: names) {
            return .refuse("--only")
        }
        if allowed.contains(where: { matches(tool.name, glob: $0) }) { return .run }
        return switch mode {
        case .always: .run
        case .never: .refuse("--approve never")
        case .ask: .ask
        case .hints: tool.hints.isReadOnly == true && tool.hints.isDestructive != true ? .run : .ask
        }
    }
}

/// The options that say which tools may run.
package struct PermissionOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Run tools whose name matches without asking; repeat for more.", valueName: "glob"))
    package var allow: [String] = []

    @Option(
        help: ArgumentHelp(
            "Never run tools whose name matches, whatever other options say.", valueName: "glob"))
    package var deny: [String] = []

    @Option(
        help: ArgumentHelp(
            "The treatment of other tools: ask, run them always or never, or ask unless they "
                + "declare that they change nothing.",
            valueName: "mode"))
    package var approve = Permissions.Mode.hints

    @Option(
        help: ArgumentHelp(
            "Ask this program, not the terminal: it gets the call on its input, and approves it by "
                + "exiting with 0.",
            valueName: "command"))
    package var approver: String?

    @Option(
        help: ArgumentHelp(
            "Leave out all tools whose name matches none of these; repeat for more.",
            valueName: "glob"))
    package var only: [String] = []

    @Option(
        help: ArgumentHelp(
            "Keep the approvals of a session in this file, for its other processes.",
            valueName: "file"))
    package var sessionApprovals: String?

    package init() {}

    package var permissions: Permissions {
        Permissions(only: only, allowed: allow, denied: deny, mode: approve)
    }

    package var approval: Approval {
        Approval(
            permissions, approver: approver,
            session: sessionApprovals.map(ApprovalMemory.init(path:)))
    }
}
