package import ArgumentParser
internal import Catalog
internal import Configuration
package import FilterKit
internal import FilterProcesses
internal import Text
internal import Trust
internal import Unix

/// The options that choose an agent and override its configuration.
package struct AgentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The agent: a name under 'agents' of the configuration.", valueName: "name"),
        completion: .custom { _, _, _ in ConfiguredNames.agents })
    package var agent: String?

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    package var config: String?

    @Option(
        name: [.customLong("plugin"), .customLong("llm")],
        help: ArgumentHelp("Use this model's plugin: a name or a path.", valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.llmProvider) })
    package var plugin: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set an option of the model's plugin; repeat for more.", valueName: "key=value"))
    package var option: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The model.", valueName: "name"))
    package var model: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Give the model this in place of the agent's system prompt.", valueName: "text"))
    package var system: String?

    @Option(
        help: ArgumentHelp(
            "Search this document store, a name or a folder, in place of the agent's; repeat for "
                + "more.", valueName: "store|dir"),
        completion: .custom { _, _, _ in ConfiguredNames.stores })
    package var store: [String] = []

    @Option(help: ArgumentHelp("Stop after this many answers of the model.", valueName: "n"))
    package var maxIterations: Int?

    @Option(help: ArgumentHelp("Stop a run when it has used this many tokens.", valueName: "n"))
    package var maxTokensTotal: Int?

    @Option(
        help: ArgumentHelp(
            "Give up a call of a plugin after this long: 90, 90s, 5m.", valueName: "time"))
    package var timeout: Timeout?

    @Flag(help: "Show what plugins write, and how they are run.")
    package var debug = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    package var quiet = false

    package func validate() throws {
        for (name, value) in [("iterations", maxIterations), ("tokens-total", maxTokensTotal)] {
            if let value, value < 1 {
                throw ValidationError("--max-\(name) must be at least 1, not \(value)")
            }
        }
        try SettingArguments.validate(option, of: "--option")
    }

    package init() {}

    /// Returns the options of a command line that go beyond the agent's own configuration.
    package func overrides(jobs: Int = 1, permissions: PermissionOverrides? = nil) -> AgentOverrides
    {
        var overrides = AgentOverrides()
        overrides.config = config
        overrides.llm = plugin
        overrides.options = option
        overrides.model = model
        overrides.system = system
        overrides.stores = store
        overrides.maxIterations = maxIterations
        overrides.maxTokensTotal = maxTokensTotal
        if let timeout { overrides.take(timeout) }
        overrides.jobs = jobs
        overrides.usesTools = permissions?.noTools != true
        overrides.permissions = permissions?.arguments ?? []
        overrides.isDebugging = debug
        return overrides
    }

    /// Returns the agent's plan.
    ///
    /// - Throws: `Failure`.
    package func plan(_ overrides: AgentOverrides, named name: String? = nil) throws -> AgentPlan {
        let environment = Environment.current
        do {
            let settings = try Settings.loadTrusted(
                explicit: config, environment: environment, notice: Diagnostics.error)
            let chosen = try chosen(name ?? agent, among: settings?.agents ?? [])
            if let settings, let agent = chosen {
                return try AgentPlan(agent, in: settings, overrides, environment: environment)
            }
            return try AgentPlan(
                standardWith: overrides, settings: settings, environment: environment)
        } catch let error as SettingsError {
            throw Failure(error)
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
    }

    /// - Returns: Nil for the standard agent, if none is configured.
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
