internal import Agent
internal import Configuration
internal import FilterKit
internal import FilterProcesses
internal import Text
internal import Unix

/// The commands about the agent and the preferences.
@MainActor struct AgentCommands {
    let agent: SelectedAgent
    let history: ChatHistory
    let configuration: ConfigurationFile
    let screen: Screen

    func info() {
        let plan = agent.plan
        let stages =
            [plan.generate, plan.reason].compactMap { $0 }
            + plan.tools.map(\.command) + plan.sources.flatMap(\.commands)
            + [plan.rerank].compactMap { $0 }
        var rows = [
            ["agent", plan.name],
            ["session", history.session?.name ?? "(none yet)"],
            ["runs", "\(history.runs.count)"],
            ["configuration", configuration.description],
        ]
        for stage in stages { rows.append(["filter", Pipeline.shown(stage.words)]) }
        screen.write(Table(rows: rows).text + agent.preferences.text)
    }

    func agent(_ name: String) throws {
        if name.isEmpty { return screen.write("\(agent.plan.name)\n") }
        try agent.change(name: name)
    }

    func agents() throws {
        let names = try configuration.settings()?.agents.map(\.name) ?? []
        let rows = (names.isEmpty ? ["default"] : names).map { name in
            [name == agent.plan.name ? "*" : " ", name]
        }
        screen.write(Table(rows: rows).text)
    }

    func model(_ name: String) throws {
        if name.isEmpty {
            return screen.write((agent.preferences.overrides.model ?? "(the plugin's)") + "\n")
        }
        try set("model \(name)")
    }

    func set(_ text: String) throws {
        if text.isEmpty { return screen.write(agent.preferences.text) }
        try agent.set(text)
        screen.isVerbose = agent.preferences.isVerbose
        screen.isStyled = agent.preferences.isStyled
    }

    /// Shows the stores that are searched, or has others searched.
    func store(_ argument: String) throws {
        if argument.isEmpty {
            let names = agent.plan.sources.map(\.name)
            return screen.write(names.isEmpty ? "(none)\n" : names.map { "\($0)\n" }.joined())
        }
        var next = agent.preferences
        if argument == Preferences.standard {
            next.resetStores()
        } else if (try? File(argument)) != nil {
            // The name of a folder may have blanks in it.
            next.overrides.stores = [argument]
        } else {
            next.overrides.stores = argument.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        try agent.change(to: next)
    }

    func verbose(_ argument: String) throws {
        let isOn =
            argument.isEmpty ? !screen.isVerbose : try Preferences.isOn(argument, "verbose")
        try set("verbose \(isOn ? "on" : "off")")
        if argument.isEmpty { screen.note("verbose is \(isOn ? "on" : "off")") }
    }
}
