package import Agent

/// The choices of the command line for a shell.
package struct ShellOptions {
    /// The name of the agent; nil for the only agent.
    package var agent: String?
    package var overrides: AgentOverrides
    package var plan: PlanMaker

    /// Returns the session to continue; nil for a new one.
    package var session: (_ environment: [String: String]) throws -> Session?

    /// False for a conversation that is not stored.
    package var keepsSession = true

    /// True to show text as it comes; nil if that depends on the agent and the output.
    package var streams: Bool?

    /// The file for everything that crosses a pipe.
    package var trace: String?

    /// True for a script that continues after a failure.
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
