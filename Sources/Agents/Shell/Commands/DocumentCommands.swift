internal import Agent
internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Unix

/// The commands that search, embed and index.
@MainActor struct DocumentCommands {
    let client: AgentClient
    let agent: SelectedAgent
    let configuration: ConfigurationFile
    let programs: ForegroundPrograms
    let screen: Screen

    /// - Returns: The exit status, which also says if nothing was found.
    func search(_ text: String) throws -> Int32 {
        let (store, query) = text.firstWord
        if query.isEmpty {
            throw Failure(.usage, "'.search' needs more: .search \(Verb.search.arguments)")
        }
        var overrides = agent.preferences.overrides
        // The search itself reports the start.
        overrides.reportsStart = false
        let environment = configuration.environment
        let plan = try Self.planned {
            try AgentPlan(
                searching: store, in: configuration.settings(), topK: 10, minScore: nil, overrides,
                environment: environment)
        }
        let passages = try client.perform {
            try await AgentStages.with(plan, environment: environment, trace: nil) { stages in
                try await AgentRun(plan, stages, id: "search").passages(for: query)
            }
        }
        screen.write(Passages.table(passages))
        return passages.isEmpty ? ExitStatus.incomplete.rawValue : 0
    }

    func embed(_ text: String) throws {
        let environment = configuration.environment
        let source = agent.plan.sources.first
        let command = try Self.planned {
            try source?.embed
                ?? FilterCommand(
                    "embed", "hector-embed",
                    ["--query"] + (configuration.path.map { ["--config", $0] } ?? [])
                        + (source?.embedder.map { ["--plugin", $0] } ?? []),
                    environment: environment)
        }
        let longestWait = agent.plan.longestWait
        let record = try Record(
            Array(Value.object(["id": "1", "content": .string(text)]).description.utf8))
        let answer = try client.perform {
            let stage = try await FilterProcess.start(
                "embed", command, environment: environment, longestWait: longestWait, trace: nil)
            let result: Result<Record, any Error>
            do { result = .success(try await stage.answer(record, id: "1")) } catch {
                result = .failure(error)
            }
            await stage.end()
            return try result.get()
        }
        screen.write(
            Self.description(of: answer.value("vector")?.array?.compactMap(\.double) ?? []))
    }

    /// Returns a summary of a vector: its size, its length and its first numbers.
    static func description(of vector: [Double]) -> String {
        func short(_ number: Double) -> String { String(String(number).prefix(8)) }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return Table(rows: [
            ["dimension", "\(vector.count)"], ["length", short(length)],
            ["begins", vector.prefix(8).map(short).joined(separator: " ")],
        ]).text
    }

    /// Runs hector-index.
    ///
    /// - Returns: The exit status of hector-index.
    func index(_ arguments: String) throws -> Int32 {
        guard let path = Executables.find("hector-index", environment: configuration.environment)
        else {
            throw Failure(
                .unavailable,
                "hector-index is not installed; index with hector-chunk, hector-embed and "
                    + "hector-search, see hector-agent(7)")
        }
        // The setting cannot follow the arguments, which may contain a pipeline.
        let settings =
            configuration.path.map { "HECTOR_CONFIG=\(Pipeline.quoted($0)) " } ?? ""
        return try programs.shell("\(settings)\(Pipeline.quoted(path)) \(arguments)")
    }

    private static func planned<R>(_ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
    }
}
