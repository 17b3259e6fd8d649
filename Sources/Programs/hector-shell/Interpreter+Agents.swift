import Agent
import Catalog
import Configuration
import FilterKit
import FilterProcesses
import JSON
import Shell
import Text
import Unix

extension Interpreter {
    func help(_ name: String) throws {
        if name.isEmpty { return screen.write(Verb.list) }
        guard case .command(let verb, _) = try? Line(".\(name.drop { $0 == "." })"),
            name.split(whereSeparator: \.isWhitespace).count == 1
        else {
            if let verb = Verb(rawValue: String(name.drop { $0 == "." })) {
                return tell(of: verb)
            }
            // Says which name is near.
            _ = try Line(".\(name.drop { $0 == "." })")
            return
        }
        tell(of: verb)
    }

    private func tell(of verb: Verb) {
        screen.write(".\(verb) \(verb.arguments)\n    \(verb.summary)\n")
    }

    func info() {
        let stages =
            [plan.generate, plan.reason].compactMap { $0 }
            + plan.tools.map(\.command) + plan.sources.flatMap { [$0.embed, $0.search] }
        var rows = [
            ["agent", plan.name],
            ["session", session?.name ?? "(none yet)"],
            ["runs", "\(exchanges.count)"],
            ["configuration", configuration],
        ]
        for stage in stages {
            rows.append(["filter", Pipeline.shown(stage.words)])
        }
        screen.write(Table(rows: rows).text + preferences.text)
    }

    /// The file that is used, or why it cannot be any more.
    private var configuration: String {
        do { return try settings()?.file ?? "(none)" } catch {
            return VisibleText("\(error)", atMost: 200).description
        }
    }

    func agent(_ name: String) throws {
        if name.isEmpty { return screen.write("\(plan.name)\n") }
        try change(agent: name) { _ in }
    }

    func agents() throws {
        let names = try settings()?.agents.map(\.name) ?? []
        let rows = (names.isEmpty ? ["default"] : names).map { name in
            [name == plan.name ? "*" : " ", name]
        }
        screen.write(Table(rows: rows).text)
    }

    func model(_ name: String) throws {
        if name.isEmpty {
            return screen.write((preferences.overrides.model ?? "(the plugin's)") + "\n")
        }
        try set("model \(name)")
    }

    func set(_ text: String) throws {
        var next = preferences
        if try next.set(text) {
            try change { $0 = next }
        } else {
            preferences = next
        }
        screen.isVerbose = preferences.isVerbose
        screen.isStyled = preferences.isStyled
    }

    func verbose(_ argument: String) throws {
        let isOn =
            argument.isEmpty ? !screen.isVerbose : try Preferences.isOn(argument, "verbose")
        try set("verbose \(isOn ? "on" : "off")")
        if argument.isEmpty { screen.note("verbose is \(isOn ? "on" : "off")") }
    }

    // MARK: Plugins

    private func catalog() throws -> Catalog {
        Catalog(settings: try settings(), environment: environment)
    }

    func plugins() throws {
        let (plugins, problems) = try catalog().all()
        screen.write(
            Table(
                rows: plugins.map {
                    [
                        $0.name, $0.kind.noun, $0.origin.rawValue,
                        VisibleText($0.manifest?.description ?? "").description,
                    ]
                }
            ).text)
        for problem in problems { Diagnostics.warn("\(problem)") }
    }

    func plugin(_ name: String) throws {
        let known = try catalog().all().plugins
        let plugins = known.filter { $0.name == name }
        if plugins.isEmpty {
            throw Failure(
                .configuration,
                "no plugin '\(name)', \(expectation(of: name, among: known.map(\.name)))")
        }
        for plugin in plugins {
            var rows = [
                ["name", plugin.name], ["kind", plugin.kind.noun],
                ["origin", plugin.origin.rawValue],
            ]
            switch plugin.location {
            case .executable(let path): rows.append(["executable", path])
            case .socket(let address): rows.append(["socket", address])
            }
            if let manifest = plugin.manifest {
                rows.append(["version", "\(manifest.version)"])
                if let text = manifest.description {
                    rows.append(["description", VisibleText(text).description])
                }
            }
            screen.write(Table(rows: rows).text)
        }
    }

    // MARK: Tools

    /// What the agent's tools are.
    func toolDefinitions() throws -> [Value] {
        let runningAgent = try currentShift()
        let tools = try value(of: perform { try await runningAgent.stages().toolDefinitions() })
        listedTools = tools.compactMap { $0["function"]?["name"]?.string }
        return tools
    }

    func tools() throws {
        let tools = try toolDefinitions()
        if tools.isEmpty { return screen.note("the agent has no tools") }
        let rows = tools.map { tool in
            let function = tool["function"]
            return [
                VisibleText(function?["name"]?.string ?? "").description,
                VisibleText(function?["description"]?.string ?? "", atMost: 70).description,
            ]
        }
        screen.write(Table(rows: rows).text)
    }

    func tool(_ text: String) throws -> Int32 {
        let name = String(text.prefix { !$0.isWhitespace })
        let arguments = text.dropFirst(name.count).trimmed
        _ = try toolDefinitions()
        guard listedTools.contains(name) else {
            throw Failure(
                .usage,
                "no tool '\(name)', "
                    + (listedTools.isEmpty
                        ? "as the agent has none" : expectation(of: name, among: listedTools)))
        }
        let message = try call(name, arguments: arguments.isEmpty ? "{}" : arguments)
        if let error = message["error"] {
            let isDenied = error["code"] == "denied"
            throw Failure(
                isDenied ? .notPermitted : .incomplete,
                "\(name): \(error["message"]?.string ?? "")")
        }
        let content = message["content"]?.string ?? ""
        screen.write(content + (content.hasSuffix("\n") ? "" : "\n"))
        return 0
    }

    // MARK: Documents

    func search(_ text: String) throws -> Int32 {
        let store = String(text.prefix { !$0.isWhitespace })
        let query = text.dropFirst(store.count).trimmed
        if query.isEmpty {
            throw Failure(.usage, "'.search' needs more: .search \(Verb.search.arguments)")
        }
        var overrides = preferences.overrides
        // The search itself tells.
        overrides.tellsStart = false
        let plan: AgentPlan
        do {
            plan = try AgentPlan(
                searching: store, in: settings(), topK: 10, minScore: nil, overrides,
                environment: environment)
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
        let environment = environment
        let passages = try value(
            of: perform {
                try await AgentStages.with(plan, environment: environment, trace: nil) { stages in
                    try await AgentRun(plan, stages, id: "search").passages(for: query)
                }
            })
        screen.write(Passages.table(passages))
        return passages.isEmpty ? ExitStatus.incomplete.rawValue : 0
    }

    func embed(_ text: String) throws {
        let command: FilterCommand
        do {
            command =
                try plan.sources.first?.embed
                ?? FilterCommand(
                    "embed", "hector-embed", ["--query"] + (config.map { ["--config", $0] } ?? []),
                    environment: environment)
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
        let (environment, longestWait) = (environment, plan.longestWait)
        let record = try Record(
            Array(Value.object(["id": "1", "content": .string(text)]).description.utf8))
        let answer = try value(
            of: perform {
                let stage = try await FilterProcess.start(
                    "embed", command, environment: environment, longestWait: longestWait, trace: nil
                )
                let result: Result<Record, any Error>
                do { result = .success(try await stage.answer(record, id: "1")) } catch {
                    result = .failure(error)
                }
                await stage.end()
                return try result.get()
            })
        let vector = answer.value("vector")?.array?.compactMap(\.double) ?? []
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        screen.write(
            Table(rows: [
                ["dimension", "\(vector.count)"], ["length", String(String(length).prefix(8))],
                [
                    "begins",
                    vector.prefix(8).map { String(String($0).prefix(8)) }.joined(separator: " "),
                ],
            ]).text)
    }

    func index(_ arguments: String) throws -> Int32 {
        guard let path = Executables.find("hector-index", environment: environment) else {
            throw Failure(
                .unavailable,
                "hector-index is not installed; index with hector-chunk, hector-embed and "
                    + "hector-search, see hector-agent(7)")
        }
        // Not behind the arguments, which may be those of a pipeline.
        let settings = config.map { "HECTOR_CONFIG=\(Pipeline.quoted($0)) " } ?? ""
        return try shell(
            "\(settings)\(Pipeline.quoted(path)) \(arguments)", input: isInteractive ? nil : [])
    }
}
