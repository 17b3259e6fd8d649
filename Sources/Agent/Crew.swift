internal import Command
package import JSON
internal import Synchronization

/// The stages of an agent while it runs.
package struct Crew: Sendable {
    let generate: (any Stage)?
    let reason: (any Stage)?
    let sources: [Source]
    private let tools: [Provider]
    private let lists = ToolLists()

    struct Source: Sendable {
        let embed, search: any Stage
        let isOptional: Bool
    }

    /// A tool stage, and what the configuration calls whose tools it runs.
    fileprivate struct Provider: Sendable {
        let name: String
        let stage: any Stage
        let isRequired: Bool

        /// True if a run begins without it. What is not permitted is nothing to pass over.
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
    /// - Throws: `StageError` for one that cannot be started; what `body` throws.
    package static func with<R: Sendable>(
        _ blueprint: Blueprint, environment: [String: String], trace: Trace?,
        _ body: (Crew) async throws -> R
    ) async throws -> R {
        let roster = Roster(blueprint)
        // As a group of its own, so that those that have started are ended if one does not.
        var stages: [String: any Stage] = [:]
        var failure: (any Error)?
        await withTaskGroup(of: Result<FilterProcess, any Error>.self) { group in
            for (name, command) in roster.commands {
                group.addTask {
                    do {
                        return .success(
                            try await FilterProcess.start(
                                name, command, environment: environment,
                                greets: Correspondence<Void>.greets(stage: name),
                                patience: blueprint.patience, trace: trace))
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
            do { result = .success(try await body(roster.crew { stages[$0]! })) } catch {
                result = .failure(error)
            }
        }
        await withTaskGroup { group in
            for stage in stages.values { group.addTask { await stage.end() } }
        }
        return try result.get()
    }

    /// The same stages as a recording has them.
    package static func recorded(_ blueprint: Blueprint, _ recording: Recording) -> Crew {
        Roster(blueprint).crew { recording.stage($0) }
    }

    fileprivate init(
        generate: (any Stage)?, reason: (any Stage)?, sources: [Source], tools: [Provider]
    ) {
        self.generate = generate
        self.reason = reason
        self.sources = sources
        self.tools = tools
    }

    /// Those without which there is no run.
    private var stages: [any Stage] {
        [generate, reason].compactMap { $0 } + sources.flatMap { [$0.embed, $0.search] }
            + tools.filter(\.isRequired).map(\.stage)
    }

    /// Whether one of its stages can answer nothing any more.
    var hasFailed: Bool { stages.contains(where: \.hasFailed) }

    // MARK: Tools

    /// A tool, as a model is told of it, and who runs it.
    struct Offer: Sendable {
        let name: String
        let definition: Value
        let provider: String
        let stage: any Stage
        let isRequired: Bool
    }

    /// The lists of tools that the tool stages have sent.
    private final class ToolLists: Sendable {
        let state = Mutex(State())

        struct State {
            /// The tools of each provider, by its place.
            var tools: [Int: [Value]] = [:]

            /// The names and reasons of plugins whose tools are gone, by the provider's place.
            var absences: [Int: String] = [:]

            /// The tools that came too late for their names.
            var leftOut: Set<String> = []
        }
    }

    /// What a model is told of each tool of the agent.
    ///
    /// - Throws: As ``toolOffers()``.
    package func toolDefinitions() async throws -> [Value] {
        try await toolOffers().map(\.definition)
    }

    /// The tools that the agent has now. Those of a provider that does not start, or has ended, are
    /// left out with a warning unless it is required.
    ///
    /// - Throws: `StageError`, too, if two have the same name.
    func toolOffers() async throws -> [Offer] {
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

    /// Takes note of the tools that a stage has now.
    ///
    /// - Parameter absence: The plugins that it misses, with the reasons.
    func update(_ stage: any Stage, tools: [Value], absence: String?) {
        for (place, provider) in self.tools.enumerated() where provider.stage.name == stage.name {
            lists.state.withLock { state in
                state.tools[place] = tools
                state.absences[place] = absence
            }
        }
    }

    /// Takes the tools of a stage away, with a warning.
    func leaveOut(_ stage: any Stage, because error: StageError) {
        for (place, provider) in tools.enumerated() where provider.stage.name == stage.name {
            let isNew = lists.state.withLock { state in
                state.tools[place] = []
                defer { state.absences[place] = "'\(provider.name)' are gone: \(error.summary)" }
                return state.absences[place] == nil
            }
            if isNew {
                Talk.warn("the tools of '\(provider.name)' are left out: \(error.summary)")
            }
        }
    }

    /// Which providers are missing, and why, to say of a tool that is not there; empty if none is.
    var absences: String {
        lists.state.withLock { $0.absences }.sorted { $0.key < $1.key }
            .map { "; those of \($0.value)" }.joined()
    }

    /// - Parameter refusesClashes: Whether two tools of one name are an error, and the later is not
    ///   left out.
    private func offers(refusesClashes: Bool) throws -> [Offer] {
        var offers: [Offer] = []
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
                        Talk.warn("\(problem) now; the later is left out")
                    }
                    continue
                }
                offers.append(
                    Offer(
                        name: name, definition: ["type": "function", "function": function],
                        provider: provider.name, stage: stage, isRequired: provider.isRequired))
            }
        }
        return offers
    }
}

/// Which command is which stage. What is the same command is one stage.
private struct Roster {
    private(set) var commands: [(name: String, command: FilterCommand)] = []
    private var generate: String?
    private var reason: String?
    private var sources: [(embed: String, search: String, isOptional: Bool)] = []
    private var tools: [(provider: String, stage: String, isRequired: Bool)] = []

    init(_ blueprint: Blueprint) {
        generate = blueprint.generate.map { add("generate", $0) }
        reason = blueprint.reason.map { add("reason", $0) }
        for source in blueprint.sources {
            sources.append(
                (add("embed", source.embed), add("search", source.search), source.isOptional))
        }
        for provider in blueprint.tools {
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

    func crew(_ stage: (String) -> any Stage) -> Crew {
        Crew(
            generate: generate.map(stage), reason: reason.map(stage),
            sources: sources.map {
                Crew.Source(
                    embed: stage($0.embed), search: stage($0.search), isOptional: $0.isOptional)
            },
            tools: tools.map {
                Crew.Provider(
                    name: $0.provider, stage: stage($0.stage), isRequired: $0.isRequired)
            })
    }
}
