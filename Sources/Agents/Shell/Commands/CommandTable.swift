/// The built-in commands of the shell, by their verbs.
@MainActor struct CommandTable {
    private let agents: AgentCommands
    private let plugins: PluginCommands
    private let tools: ToolCommands
    private let documents: DocumentCommands
    private let sessions: SessionCommands
    private let questions: QuestionCommands
    private let runs: RunCommands
    private let parts: ShellParts

    init(_ parts: ShellParts) {
        let (agent, history, screen) = (parts.agent, parts.history, parts.screen)
        let (client, configuration) = (parts.client, parts.configuration)
        let environment = configuration.environment
        self.parts = parts
        agents = AgentCommands(
            agent: agent, history: history, configuration: configuration, screen: screen)
        plugins = PluginCommands(configuration: configuration, screen: screen)
        tools = ToolCommands(client: client, agent: agent, screen: screen)
        documents = DocumentCommands(
            client: client, agent: agent, configuration: configuration, programs: parts.programs,
            screen: screen)
        sessions = SessionCommands(history: history, screen: screen, environment: environment)
        questions = QuestionCommands(
            client: client, history: history, programs: parts.programs, screen: screen,
            environment: environment)
        runs = RunCommands(history: history, screen: screen)
    }

    /// Pipes the last answer or the last record into a command line of the user.
    func pipe(into commandLine: String, isRecord: Bool) throws -> Int32 {
        try questions.pipe(into: commandLine, isRecord: isRecord)
    }

    /// - Returns: The exit status for a script.
    /// - Throws: `Failure`, `CancellationError` if this process is to end, and the errors of files
    ///   and streams.
    func run(_ verb: Verb, _ argument: String, in interpreter: Interpreter) throws -> Int32 {
        switch verb {
        case .help: parts.screen.write(try HelpCommand.text(argument))
        case .info: agents.info()
        case .agent: try agents.agent(argument)
        case .agents: try agents.agents()
        case .model: try agents.model(argument)
        case .plugin: try plugins.plugin(argument)
        case .plugins: try plugins.plugins()
        case .tools: try tools.tools()
        case .tool: try tools.tool(argument)
        case .session: try sessions.session(argument)
        case .sessions: try sessions.sessions()
        case .new: parts.history.beginAgain()
        case .history: parts.screen.write(parts.history.text)
        case .save: try sessions.save(argument)
        case .retry: return try questions.retry()
        case .continue: return try questions.continue()
        case .edit: return try questions.edit()
        case .copy: try questions.copy()
        case .context: try runs.context()
        case .sources: try runs.sources()
        case .records: try runs.records()
        case .pipeline: try runs.pipeline()
        case .search: return try documents.search(argument)
        case .store: try agents.store(argument)
        case .embed: try documents.embed(argument)
        case .index: return try documents.index(argument)
        case .run: return try Script(interpreter).run(file: argument)
        case .set: try agents.set(argument)
        case .verbose: try agents.verbose(argument)
        case .exit: parts.loop.leave()
        }
        return 0
    }
}
