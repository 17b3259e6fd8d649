internal import Agent
internal import FilterKit
internal import Unix

/// The parts of a shell, each of which owns its state.
@MainActor struct ShellParts {
    let loop: EventLoop
    let screen: Screen
    let report: FailureReport
    let configuration: ConfigurationFile
    let history: ChatHistory
    let agent: SelectedAgent
    let client: AgentClient
    let programs: ForegroundPrograms

    /// - Throws: `Failure` for an invalid agent or session, and `SystemError`.
    init(
        _ options: ShellOptions, screen: Screen, environment: [String: String]
    ) throws {
        self.screen = screen
        let isInteractive = screen.isInteractive
        loop = try EventLoop(screen: screen, isInteractive: isInteractive)
        report = FailureReport(loop: loop, screen: screen)
        configuration = ConfigurationFile(path: options.overrides.config, environment: environment)
        history = try ChatHistory(
            beginsSession: options.keepsSession && isInteractive, environment: environment)
        var overrides = options.overrides
        overrides.sessionApprovals = history.approvals.path
        overrides.reportsStart = isInteractive
        agent = try SelectedAgent(
            named: options.agent,
            Preferences(overrides, streams: options.streams, isStyled: screen.isStyled),
            trace: options.trace, environment: environment, plan: options.plan)
        if let session = try options.session(environment) { try history.goOn(with: session) }
        client = AgentClient(agent, history, loop, screen)
        programs = ForegroundPrograms(loop: loop, screen: screen)
    }
}
