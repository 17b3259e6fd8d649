import Agent
import ArgumentParser
import Command
import Settings
import Unix

/// Which agent, and what is otherwise than its configuration says.
struct AgentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The agent: a name under 'agents' of the configuration.", valueName: "name"),
        completion: .custom { _, _, _ in Configuration.Names.all(.agents) })
    var agent: String?

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("Use this model's plugin: a name or a path.", valueName: "name|path"),
        completion: .custom { _, _, _ in Configuration.Names.all(.llms) })
    var llm: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set an option of the model's plugin; repeat for more.", valueName: "key=value"))
    var option: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The model.", valueName: "name"))
    var model: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Say this to the model in place of the agent's system prompt.", valueName: "text"))
    var system: String?

    @Option(help: ArgumentHelp("Stop after so many answers of the model.", valueName: "n"))
    var maxIterations: Int?

    @Option(help: ArgumentHelp("Stop a run that has used so many tokens.", valueName: "n"))
    var maxTokensTotal: Int?

    @Option(
        help: ArgumentHelp(
            "Give up a call of a model or a tool after this long: 90, 90s, 5m.", valueName: "time"))
    var timeout: Timeout?

    @Flag(help: "Show what plugins say, and what is done with them.")
    var debug = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        for (name, value) in [("iterations", maxIterations), ("tokens-total", maxTokensTotal)] {
            if let value, value < 1 {
                throw ValidationError("--max-\(name) must be at least 1, not \(value)")
            }
        }
        for option in option where !option.contains("=") || option.hasPrefix("=") {
            throw ValidationError("--option needs KEY=VALUE, not '\(option)'")
        }
    }

    /// What of a command line goes beyond the agent's own configuration.
    func choices(jobs: Int = 1, permissions: PermissionChoices? = nil) -> Choices {
        var choices = Choices()
        choices.config = config
        choices.llm = llm
        choices.options = option
        choices.model = model
        choices.system = system
        choices.maxIterations = maxIterations
        choices.maxTokensTotal = maxTokensTotal
        if let timeout {
            choices.timeout = "\(timeout.duration / .milliseconds(1))ms"
            choices.patience = timeout.duration
        }
        choices.jobs = jobs
        choices.usesTools = permissions?.noTools != true
        choices.permissions = permissions?.arguments ?? []
        choices.isDebugging = debug
        return choices
    }

    /// The agent's plan.
    ///
    /// - Throws: `Failure`.
    func blueprint(_ choices: Choices, named name: String? = nil) throws -> Blueprint {
        let environment = Environment.current
        do {
            let settings = try Settings.load(explicit: config, environment: environment)
            let chosen = try chosen(name ?? agent, among: settings?.agents ?? [])
            if let settings, let agent = chosen {
                return try Blueprint(agent, in: settings, choices, environment: environment)
            }
            return try Blueprint(
                standardWith: choices, settings: settings, environment: environment)
        } catch let error as SettingsError {
            throw Failure(
                ExitStatus(rawValue: error.meaning.rawValue) ?? .configuration, "\(error)")
        } catch let error as StageError {
            throw Failure(error.status, error.message)
        }
    }

    /// - Returns: Nil for the standard agent, where none is configured.
    private func chosen(_ name: String?, among agents: [Agent]) throws(Failure) -> Agent? {
        guard let name else {
            if agents.count > 1 {
                let names = agents.map(\.name).joined(separator: ", ")
                throw Failure(.usage, "there are several agents, name one with --agent: \(names)")
            }
            return agents.first
        }
        if let agent = agents.first(where: { $0.name == name }) { return agent }
        if name == "default" { return nil }
        throw Failure(
            .configuration,
            agents.isEmpty
                ? "no agent '\(name)': no configuration that was found has agents"
                : "no agent '\(name)', \(expectation(of: name, among: agents.map(\.name)))")
    }
}

/// What tools may do, handed on to hector-tool.
struct PermissionChoices: ParsableArguments {
    @Flag(help: "Offer the model no tools.")
    var noTools = false

    @Option(help: ArgumentHelp("Run tools whose name matches without asking.", valueName: "glob"))
    var allow: [String] = []

    @Option(help: ArgumentHelp("Never run tools whose name matches.", valueName: "glob"))
    var deny: [String] = []

    @Option(
        help: ArgumentHelp(
            "What to do with other tools: ask, always, never or hints.", valueName: "mode"))
    var approve: String?

    @Option(
        help: ArgumentHelp(
            "Ask this program, not the terminal; see hector-tool(1).", valueName: "command"))
    var approver: String?

    func validate() throws {
        if let approve, !["ask", "always", "never", "hints"].contains(approve) {
            throw ValidationError("--approve must be ask, always, never or hints, not '\(approve)'")
        }
    }

    var arguments: [String] {
        allow.flatMap { ["--allow", $0] } + deny.flatMap { ["--deny", $0] }
            + (approve.map { ["--approve", $0] } ?? [])
            + (approver.map { ["--approver", $0] } ?? [])
    }
}
