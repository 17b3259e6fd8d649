internal import Approvals
package import ArgumentParser
package import FilterKit
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

    /// The treatment of calls that may do harm and that the model made after it had read
    /// untrusted text, whatever the other rules say for them.
    package enum TaintedMode: String, CaseIterable, ExpressibleByArgument, Sendable {
        case ask, never
        /// They are treated like all others.
        case always
    }

    package enum Verdict: Equatable, Sendable {
        case run
        case ask
        /// The user has to be asked about this very call.
        case askTainted
        /// The rule, in words that follow "is refused by".
        case refuse(String)
    }

    /// Patterns of names, as for fnmatch(3). If `only` has any, a tool that none of them names
    /// counts as missing.
    package var only: [String]
    package var allowed: [String]
    package var denied: [String]
    package var mode: Mode
    package var tainted: TaintedMode

    package init(
        only: [String] = [], allowed: [String] = [], denied: [String] = [], mode: Mode = .hints,
        tainted: TaintedMode = .ask
    ) {
        self.only = only
        self.allowed = allowed
        self.denied = denied
        self.mode = mode
        self.tainted = tainted
    }

    /// - Parameters:
    ///   - ownName: The name without its prefix; nil if it has no prefix. This name counts if it
    ///     takes a permission away, and never if it gives one.
    ///   - isTainted: True if the model had read untrusted text.
    package func verdict(
        on tool: Tools.Tool, ownName: String? = nil, isTainted: Bool
    ) -> Verdict {
        let verdict = verdict(on: tool, ownName: ownName)
        if case .refuse = verdict { return verdict }
        guard isTainted, tool.mayDoHarm else { return verdict }
        return switch tainted {
        case .ask: .askTainted
        case .never: .refuse("--approve-tainted never")
        case .always: verdict
        }
    }

    /// Returns the verdict on a call that the user might have made.
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

extension Tools.Tool {
    /// True if a call of it may destroy something or reach beyond this machine. A tool that does not
    /// say may do both. One of a server over HTTP reaches beyond it, whatever it says.
    package var mayDoHarm: Bool {
        if hints.isDestructive == true || hints.isOpenWorld != false { return true }
        return isElsewhere || (hints.isDestructive == nil && hints.isReadOnly != true)
    }

    /// True if its results are not trusted: it may reach beyond this machine, or does not say, or a
    /// server has made them, of which only its own word is known.
    package var hasForeignResults: Bool { hints.isOpenWorld != false || isOfServer }

    /// True if another program describes it than its plugin.
    package var isOfServer: Bool { !serverURL.isEmpty }

    /// True if its arguments leave this machine, or at least may.
    private var isElsewhere: Bool {
        let url = serverURL.lowercased()
        return url.hasPrefix("http:") || url.hasPrefix("https:")
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
            "The treatment of calls that may do harm, made after the model has read documents, "
                + "pages or other untrusted text: ask, whatever other options say, "
                + "never run them, or treat them like all others.",
            valueName: "mode"))
    package var approveTainted = Permissions.TaintedMode.ask

    @Option(
        help: ArgumentHelp(
            "Ask this program, not the terminal: it gets the call on its input, and approves it by "
                + "exiting with 0.",
            valueName: "command"))
    package var approver: String?

    @Option(
        help: ArgumentHelp(
            "End that program and refuse the call after this long: 90, 90s, 5m.",
            valueName: "time"))
    package var approverTimeout: Timeout?

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
        Permissions(
            only: only, allowed: allow, denied: deny, mode: approve, tainted: approveTainted)
    }

    package var approval: Approval {
        Approval(
            permissions, approver: approver,
            approverTimeout: approverTimeout?.duration ?? Approval.defaultApproverTimeout,
            session: sessionApprovals.map(ApprovalMemory.init(path:)))
    }
}
