package import Agent

/// The choices that a command line makes for a shell.
package struct ShellOptions {
    /// The name of the agent; nil for the only one.
    package var agent: String?
    package var overrides: AgentOverrides
    package var plan: PlanMaker

    /// Finds the session to go on with; nil for a new one.
    package var session: (_ environment: [String: String]) throws -> Session?

    /// False for a conversation that is not kept.
    package var keepsSession = true

    /// True to show text as it comes; nil where that depends on the agent and the output.
    package var streams: Bool?

    /// The file for all that crosses a pipe.
    package var trace: String?

    /// True for a script that goes on after a failure.
    package var keepsGoing = false

    package init(
        agent: String?, overrides: AgentOverrides, plan: @escaping PlanMaker,
        session: @escaping ([String: String]) throws -> Session?
    ) {
        self.agent = agent
        self.overrides = overrides
        self.plan = plan
        self.session = session
    }
}
