package import FilterKit

/// The settings of a command line that the agent's configuration does not have or has differently.
package struct AgentOverrides: Sendable {
    /// The configuration file for the filters, if one was named.
    package var config: String?

    package var llm: String?

    /// The settings of the model's plugin, `key=value` each.
    package var options: [String] = []
    package var model: String?
    package var system: String?

    /// The document stores to search instead of the agent's own, if any were named.
    package var stores: [String] = []
    package var maxIterations: Int?
    package var maxTokensTotal: Int?

    /// The time limit of one call, in the spelling that filters take.
    package var timeout: String?
    package var longestWait: Duration = .seconds(600)

    /// The number of runs that happen side by side.
    package var jobs = 1
    package var usesTools = true

    /// The options to pass on to hector-tool.
    package var permissions: [String] = []

    /// The file with the user's approvals for the session.
    package var sessionApprovals: String?
    package var isDebugging = false

    /// True if filters report at once that their plugin does not start.
    package var reportsStart = false

    package init() {}

    /// Sets both values that depend on the time limit of one call.
    package mutating func take(_ timeout: Timeout) {
        self.timeout = timeout.argument
        longestWait = timeout.duration
    }

    /// The options of every filter.
    var common: [String] {
        var arguments = ["--eager", "--unordered"]
        if let config { arguments += ["--config", config] }
        // A filter's own default is enough for a few runs.
        if jobs > 4 { arguments += ["--jobs", "\(jobs * 4)"] }
        if reportsStart { arguments.append("--report-start") }
        if isDebugging { arguments.append("--debug") }
        return arguments
    }
}
