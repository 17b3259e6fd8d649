internal import FilterKit
internal import FilterProcesses
package import JSON
internal import Synchronization
internal import Taint

/// The stages of an agent while it runs.
package struct AgentStages: Sendable {
    let generate: (any AgentStage)?
    let reason: (any AgentStage)?
    let sources: [Source]
    let rerank: (any AgentStage)?
    private let tools: [Provider]
    private let lists = ToolLists()

    struct Source: Sendable {
        /// The stage that makes vectors; nil if the search makes them itself.
        let embed: (any AgentStage)?
        let search: any AgentStage
        let isOptional: Bool
    }

    /// A tool stage, with the configuration's name for the provider of its tools.
    fileprivate struct Provider: Sendable {
        let name: String
        let stage: any AgentStage
        let isRequired: Bool

        /// True if a run begins without it. A lack of permission is never ignored.
        func mayBeMissed(after error: StageError) -> Bool {
            switch error.status {
            case .unavailable, .incomplete, .configuration: !isRequired
            default: false
            }
        }
    }

    /// Runs `body` with all stages of an agent, which start side by side and have ended when this
    /// function returns.
    ///
    /// - Throws: `StageError` for a stage that cannot be started; the errors that `body` throws.
    package static func with<R: Sendable>(
        _ plan: AgentPlan, environment: [String: String], trace: Trace?,
        _ body: (AgentStages) async throws -> R
    ) async throws -> R {
        let sharedStages = SharedStages(plan)
        // A separate group ends the stages that have started if one does not start.
        var stages: [String: any AgentStage] = [:]
        var failure: (any Error)?
        await withTaskGroup(of: Result<FilterProcess, any Error>.self) { group in
            for (name, command) in sharedStages.commands {
                group.addTask {
                    do {
                        return .success(
                            try await FilterProcess.start(
                                name, command, environment: environment,
                                greets: Correspondence<Void>.greets(stage: name),
                                longestWait: plan.longestWait, trace: trace))
                    } catch { return .failure(error) }
                }
            }
            for await result in group {
                switch result {
                case .success(let stage): stages[stage.name] = stage
                case .failure(let error): failure = failure ?? error
                }
            }
        }
        let result: Result<R, any Error>
        if let failure {
            result = .failure(failure)
        } else {
            do { result = .success(try await body(sharedStages.stages { stages[$0]! })) } catch {
                result = .failure(error)
            }
        }
        await withTaskGroup { group in
            for stage in stages.values { group.addTask { await stage.end() } }
        }
        return try result.get()
    }

    /// Returns the same stages as played back from a recording.
    package static func recorded(_ plan: AgentPlan, _ recording: Recording) -> AgentStages {
        SharedStages(plan).stages { recording.stage($0) }
    }

    fileprivate init(
        generate: (any AgentStage)?, reason: (any AgentStage)?, sources: [Source],
        rerank: (any AgentStage)?, tools: [Provider]
    ) {
        self.generate = generate
        self.reason = reason
        self.sources = sources
        self.rerank = rerank
        self.tools = tools
    }

    /// The stages that every run needs.
    private var stages: [any AgentStage] {
        [generate, reason, rerank].compactMap { $0 }
            + sources.flatMap { [$0.embed, $0.search].compactMap { $0 } }
            + tools.filter(\.isRequired).map(\.stage)
    }

    /// True if one of its stages can no longer answer anything.
    var hasFailed: Bool { stages.contains(where: \.hasFailed) }

    // MARK: Tools

    /// A tool in the form that a model gets, and the stage that runs it.
    struct AvailableTool: Sendable {
        let name: String
        let definition: Value
        let provider: String
        let stage: any AgentStage
        let isRequired: Bool
    }

    /// The lists of tools that the tool stages have sent.
    private final class ToolLists: Sendable {
        let state = Mutex(State())

        struct State {
            /// The tools of each provider, by the provider's index.
            var tools: [Int: [Value]] = [:]

            /// The names of plugins whose tools are gone, with the reasons, by the provider's
            /// index.
            var absences: [Int: String] = [:]

            /// The tools whose names were already taken when they came.
            var leftOut: Set<String> = []
        }
    }

    /// Returns the definition of each of the agent's tools for a model.
    ///
    /// - Throws: The same errors as ``availableTools()``.
    package func toolDefinitions() async throws -> [Value] {
        try await availableTools().map(\.definition)
    }

    /// Returns the tools that the agent has now. Those of a provider that does not start, or has
    /// ended, are left out with a warning unless it is required.
    ///
    /// - Throws: `StageError`, which includes the case of two tools with the same name.
    func availableTools() async throws -> [AvailableTool] {
        var isFirst = false
        for (place, provider) in tools.enumerated() {
            let isKnown = lists.state.withLock {
                $0.tools[place] != nil || $0.absences[place] != nil
            }
            if isKnown { continue }
            isFirst = true
            do {
                let greeting = try await provider.stage.greeting()
                let tools = greeting.value("tools")?.array ?? []
                lists.state.withLock { $0.tools[place] = tools }
            } catch let error as StageError where provider.mayBeMissed(after: error) {
                leaveOut(provider.stage, because: error)
            }
        }
        return try offers(refusesClashes: isFirst)
    }

    /// Records the tools that a stage has now.
    ///
    /// - Parameter absence: The plugins that it is missing, with the reasons.
    func update(_ stage: any AgentStage, tools: [Value], absence: String?) {
        for (place, provider) in self.tools.enumerated() where provider.stage.name == stage.name {
            lists.state.withLock { state in
                state.tools[place] = tools
                state.absences[place] = absence
            }
        }
    }

    /// Removes the tools of a stage, with a warning.
    func leaveOut(_ stage: any AgentStage, because error: StageError) {
        for (place, provider) in tools.enumerated() where provider.stage.name == stage.name {
            let isNew = lists.state.withLock { state in
                state.tools[place] = []
                defer { state.absences[place] = "'\(provider.name)' are gone: \(error.summary)" }
                return state.absences[place] == nil
            }
            if isNew {
                Diagnostics.warn("the tools of '\(provider.name)' are left out: \(error.summary)")
            }
        }
    }

    /// The missing providers with the reasons, to report with a missing tool; empty if none is
    /// missing.
    var absences: String {
        lists.state.withLock { $0.absences }.sorted { $0.key < $1.key }
            .map { "; those of \($0.value)" }.joined()
    }

    /// - Parameter refusesClashes: True if two tools of the same name are an error; false to leave
    ///   out the later one.
    private func offers(refusesClashes: Bool) throws -> [AvailableTool] {
        var offers: [AvailableTool] = []
        for (place, provider) in tools.enumerated() {
            let stage = provider.stage
            for tool in lists.state.withLock({ $0.tools[place] }) ?? [] {
                let function = tool["function"] ?? tool
                guard let name = function["name"]?.string else {
                    throw StageError(
                        stage.name, "stage_misbehaved",
                        "stage '\(stage.name)' has a tool without a name", status: .unavailable)
                }
                if let other = offers.first(where: { $0.name == name })?.provider {
                    let places =
                        other == provider.name
                        ? "in '\(other)' twice" : "in both '\(other)' and '\(provider.name)'"
                    let problem = "the tool '\(name)' is \(places)"
                    if refusesClashes {
                        throw StageError(
                            stage.name, "configuration",
                            "\(problem); give one of the agent's 'tools' a 'prefix', or allow it in "
                                + "one of them",
                            status: .configuration)
                    }
                    if lists.state.withLock({ $0.leftOut.insert(name).inserted }) {
                        Diagnostics.warn("\(problem) now; the later is left out")
                    }
                    continue
                }
                var definition: Members = ["type": "function", "function": function]
                // The stage vouches for its descriptions, or says whose they are.
                for key in [TaintMark.sourcesKey, TaintMark.digestKey] {
                    if let value = tool[key] { definition.append(key, value) }
                }
                offers.append(
                    AvailableTool(
                        name: name, definition: .object(definition),
                        provider: provider.name, stage: stage, isRequired: provider.isRequired))
            }
        }
        return offers
    }
}

/// The stage of each command. Equal commands share one stage.
private struct SharedStages {
    private(set) var commands: [(name: String, command: FilterCommand)] = []
    private var generate: String?
    private var reason: String?
    private var sources: [(embed: String?, search: String, isOptional: Bool)] = []
    private var rerank: String?
    private var tools: [(provider: String, stage: String, isRequired: Bool)] = []

    init(_ plan: AgentPlan) {
        generate = plan.generate.map { add("generate", $0) }
        reason = plan.reason.map { add("reason", $0) }
        for source in plan.sources {
            let embed = source.embed.map { add("embed", $0) }
            sources.append((embed, add("search", source.search), source.isOptional))
        }
        rerank = plan.rerank.map { add("rerank", $0) }
        for provider in plan.tools {
            tools.append(
                (provider.provider, add("tool", provider.command), provider.isRequired))
        }
    }

    private mutating func add(_ kind: String, _ command: FilterCommand) -> String {
        let same = commands.filter { $0.name.prefix { $0 != "." } == kind }
        if let known = same.first(where: { $0.command == command }) { return known.name }
        let name = same.isEmpty ? kind : "\(kind).\(same.count + 1)"
        commands.append((name, command))
        return name
    }

    func stages(_ stage: (String) -> any AgentStage) -> AgentStages {
        AgentStages(
            generate: generate.map(stage), reason: reason.map(stage),
            sources: sources.map {
                AgentStages.Source(
                    embed: $0.embed.map(stage), search: stage($0.search), isOptional: $0.isOptional)
            },
            rerank: rerank.map(stage),
            tools: tools.map {
                AgentStages.Provider(
                    name: $0.provider, stage: stage($0.stage), isRequired: $0.isRequired)
            })
    }
}
