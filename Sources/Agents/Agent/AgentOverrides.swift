package import FilterKit

/// What a command line says of an agent that its configuration does not, or says otherwise.
package struct AgentOverrides: Sendable {
    /// The configuration file, if one was named, for the filters.
    package var config: String?

    package var llm: String?

    /// Settings of the model's plugin, `key=value` each.
    package var options: [String] = []
    package var model: String?
    package var system: String?

    /// The document stores to search in place of the agent's own, if any was named.
    package var stores: [String] = []
    package var maxIterations: Int?
    package var maxTokensTotal: Int?

    /// Of one call, in the spelling that filters take.
    package var timeout: String?
    package var longestWait: Duration = .seconds(600)

    /// How many runs there are side by side.
    package var jobs = 1
    package var usesTools = true

    /// Passed on to hector-tool.
    package var permissions: [String] = []

    /// The file with what a person has approved for the session.
    package var sessionApprovals: String?
    package var isDebugging = false

    /// Whether filters tell at once if their plugin does not start.
    package var tellsStart = false

    package init() {}

    /// Sets both that go with a time of one call.
    package mutating func take(_ timeout: Timeout) {
        self.timeout = timeout.argument
        longestWait = timeout.duration
    }

    /// The options that every filter gets.
    var common: [String] {
        var arguments = ["--eager", "--unordered"]
        if let config { arguments += ["--config", config] }
        // A filter's own default serves a few runs.
        if jobs > 4 { arguments += ["--jobs", "\(jobs * 4)"] }
        if tellsStart { arguments.append("--tell-start") }
        if isDebugging { arguments.append("--debug") }
        return arguments
    }
}
