package import Configuration
internal import FilterKit
internal import FilterProcesses
internal import Stores
internal import Unix

extension AgentPlan {
    /// The time added to a filter's own time limit.
    private static let slack = Duration.seconds(30)

    /// Makes the plan of an agent that a hector.yaml describes.
    ///
    /// - Throws: `SettingsError` for a setting without a value, `StageError` for a missing filter.
    package init(
        _ agent: Agent, in settings: Settings, _ overrides: AgentOverrides,
        environment: [String: String]
    ) throws {
        let builder = Builder(settings: settings, overrides: overrides, environment: environment)
        self.init(
            name: agent.name,
            generate: try builder.generate(
                plugin: agent.llm, replaced: agent.stages[.generate]),
            longestWait: overrides.longestWait + Self.slack)
        let prompt = agent.prompt
        systemPrompt = try overrides.system ?? prompt.system?.value(in: environment) ?? ""
        for (slot, text) in prompt.slots { slots[slot.rawValue] = try text.value(in: environment) }
        topK = agent.passages
        maxIterations = overrides.maxIterations ?? agent.maxIterations
        maxTokens = overrides.maxTokensTotal ?? agent.maxTokensTotal
        maxHistoryMessages = agent.maxHistoryMessages
        maxHistoryTokens = agent.maxHistoryTokens
        chosenStores = overrides.stores
        sources =
            try overrides.stores.isEmpty
            ? builder.sources(of: agent) : builder.sources(named: overrides.stores, of: agent)
        if agent.isReranking, !sources.isEmpty { rerank = try builder.rerank(of: agent) }
        if agent.reasoningStrategy != nil || agent.stages[.reason] != nil {
            reason = try builder.filter(
                "reason", [], plugin: agent.reasoningStrategy, replaced: agent.stages[.reason])
        }
        guard overrides.usesTools else { return }
        if let command = try builder.replacement(agent.stages[.tool]) {
            // The user has replaced all tools by this command on purpose, so it is required.
            tools = [Tools(provider: "tool", command: command, isRequired: true)]
        } else {
            tools = try agent.tools.map { try builder.tools($0) }
        }
    }

    /// Makes a plan without a model, only to search one document store.
    ///
    /// - Parameter word: A store's name or folder; nil for the store of the working directory.
    package init(
        searching word: String?, in settings: Settings?, topK: Int, minScore: Double?,
        _ overrides: AgentOverrides, environment: [String: String]
    ) throws {
        let builder = Builder(settings: settings, overrides: overrides, environment: environment)
        let found = try builder.found(word)
        self.init(
            name: found.entry.name, generate: nil, longestWait: overrides.longestWait + Self.slack)
        self.topK = topK
        sources = [
            try builder.source(found, nil, SearchSettings(topK: topK, minScore: minScore))
        ]
    }

    /// Makes the plan of a user who has configured no agent: the default model with the default
    /// tools. It searches only the stores that were named.
    package init(
        standardWith overrides: AgentOverrides, settings: Settings?, environment: [String: String]
    ) throws {
        let builder = Builder(settings: settings, overrides: overrides, environment: environment)
        self.init(
            name: "default", generate: try builder.generate(plugin: nil, replaced: nil),
            longestWait: overrides.longestWait + Self.slack)
        systemPrompt = overrides.system ?? ""
        maxIterations = overrides.maxIterations ?? maxIterations
        maxTokens = overrides.maxTokensTotal
        chosenStores = overrides.stores
        sources = try builder.sources(named: overrides.stores, of: nil)
        if overrides.usesTools { tools = [try builder.standardTools()] }
    }
}

/// The settings of a search.
private struct SearchSettings {
    var topK = 5
    var minScore: Double?
    var mode: Agent.Search.Mode?
    var alpha: Double?

    /// The options of hector-search.
    var options: [String] {
        var options = ["--top-k", "\(topK)"]
        if let minScore { options += ["--min-score", "\(minScore)"] }
        if let mode { options += ["--mode", mode.rawValue] }
        if let alpha { options += ["--alpha", "\(alpha)"] }
        return options
    }
}

extension SearchSettings {
    init(_ agent: Agent) {
        self.init(
            topK: agent.candidates, minScore: agent.search.minScore, mode: agent.search.mode,
            alpha: agent.search.alpha)
    }
}

/// Makes the commands of an agent's filters.
private struct Builder {
    let settings: Settings?
    let overrides: AgentOverrides
    let environment: [String: String]

    func generate(plugin: Text?, replaced: Text?) throws -> FilterCommand {
        var arguments = ["--stream"]
        if let model = overrides.model { arguments += ["--model", model] }
        for option in overrides.options { arguments += ["--option", option] }
        if let timeout = overrides.timeout { arguments += ["--timeout", timeout] }
        if let llm = overrides.llm {
            return try filter(
                "generate", arguments + ["--plugin", llm], plugin: nil, replaced: nil)
        }
        return try filter("generate", arguments, plugin: plugin, replaced: replaced)
    }

    func sources(of agent: Agent) throws -> [AgentPlan.Source] {
        var sources: [AgentPlan.Source] = []
        let finder = StoreFinder(settings, config: overrides.config, environment: environment)
        for text in agent.documentStores {
            let name = try text.value(in: environment)
            guard let store = finder.configured.first(where: { $0.entry.name == name }) else {
                throw Failure(.configuration, "no document store '\(name)'")
            }
            sources.append(try source(store, agent, SearchSettings(agent)))
        }
        if sources.isEmpty, agent.database != nil || agent.search.collection != nil {
            let collection = try agent.search.collection?.value(in: environment)
            sources.append(
                try source(
                    collection ?? agent.name, collection: collection ?? agent.name,
                    embedder: try agent.embedder.map(pluginName),
                    database: try agent.database.map(pluginName), agent, SearchSettings(agent),
                    isOptional: collection == nil))
        }
        return sources
    }

    /// Returns the store that a word of a command line names: a name or a folder; nil for the store
    /// of the working directory.
    func found(_ word: String?) throws -> StoreFinder.Found {
        let finder = StoreFinder(settings, config: overrides.config, environment: environment)
        guard let word else { return try finder.here() }
        let found = try finder.stores(word, makes: false)
        if found.count == 1 { return found[0] }
        throw Failure(
            .usage,
            "'\(word)' has several stores, name one: "
                + found.map(\.entry.name).joined(separator: ", "))
    }

    /// Returns the stores that a command line names by their names or folders; without a document
    /// store in the configuration, a name that is not known is a collection of the default database.
    func sources(named words: [String], of agent: Agent?) throws -> [AgentPlan.Source] {
        let search = agent.map { SearchSettings($0) } ?? SearchSettings()
        return try words.map { word in
            do { return try source(try found(word), agent, search) } catch let failure as Failure {
                let finder = StoreFinder(settings, config: nil, environment: environment)
                guard failure.status == .configuration, finder.configured.isEmpty,
                    !finder.isFolder(word)
                else { throw failure }
            }
            return try source(
                word, collection: word, embedder: try agent?.embedder.map(pluginName),
                database: try agent?.database.map(pluginName), agent, search, isOptional: false)
        }
    }

    /// Returns a document store as a source, after a look at whose documents its collection has.
    func source(
        _ found: StoreFinder.Found, _ agent: Agent?, _ search: SearchSettings
    ) throws -> AgentPlan.Source {
        let location = try found.location(environment)
        if let refusal = location.refusal(of: found.argument) { throw refusal }
        if !location.isIndexed, !found.isConfigured {
            throw Failure(
                .configuration,
                "'\(location.place)' has not been indexed: hector index \(quoted(found.argument))")
        }
        var overrides = overrides
        overrides.config = found.config
        let builder = Builder(
            settings: found.settings, overrides: overrides, environment: environment)
        // Users may have filled the collection themselves, under the name of the store.
        let isKnown = location.isIndexed || location.isNamed
        let collection = isKnown ? location.collection : found.entry.name
        return try builder.source(
            found.entry.name, collection: collection,
            embedder: try (found.entry.embedder.map(builder.pluginName))
                ?? agent?.embedder.map(pluginName),
            database: try (found.entry.database.map(builder.pluginName))
                ?? agent?.database.map(pluginName),
            agent, search, place: location.place, isOptional: false)
    }

    /// - Parameters:
    ///   - embedder: The name or path of the embedder to use unless the collection names another.
    ///   - place: The place from which the records have to be; nil for any.
    func source(
        _ name: String, collection: String, embedder: String?, database: String?, _ agent: Agent?,
        _ settings: SearchSettings, place: String? = nil, isOptional: Bool
    ) throws -> AgentPlan.Source {
        let limit = overrides.timeout.map { ["--timeout", $0] } ?? []
        var search = ["query", "--collection", collection] + settings.options + limit
        if let place { search += ["--source", place] }
        var embed: FilterCommand?
        if agent?.stages[.embed] != nil || agent?.stages[.search] != nil {
            // The user's own command takes or makes vectors, so they travel between two filters.
            embed = try filter(
                "embed", ["--query"] + limit, named: embedder, replaced: agent?.stages[.embed])
        } else if settings.mode != .text {
            search.append("--embed")
            if let embedder { search += ["--usual-embedder", embedder] }
        }
        var source = AgentPlan.Source(
            name: name, embed: embed,
            search: try filter(
                "search", search, named: database, replaced: agent?.stages[.search]),
            isOptional: isOptional)
        source.embedder = embedder
        return source
    }

    func rerank(of agent: Agent) throws -> FilterCommand {
        var arguments = ["--top-k", "\(agent.passages)"]
        if let score = agent.rerank?.minScore { arguments += ["--min-score", "\(score)"] }
        if let timeout = overrides.timeout { arguments += ["--timeout", timeout] }
        return try filter(
            "rerank", arguments, plugin: agent.rerank?.provider, replaced: agent.stages[.rerank])
    }

    func tools(_ access: ToolAccess) throws -> AgentPlan.Tools {
        var arguments: [String] = []
        if let prefix = try access.prefix?.value(in: environment), !prefix.isEmpty {
            arguments += ["--prefix", prefix]
        }
        for glob in access.allow ?? [] { arguments += ["--only", try glob.value(in: environment)] }
        for glob in access.deny { arguments += ["--deny", try glob.value(in: environment)] }
        if let approve = access.approve { arguments += ["--approve", approve.rawValue] }
        let name = try access.provider.value(in: environment)
        let entry = settings?.plugins[.toolProvider]?.first { $0.name == name }
        return AgentPlan.Tools(
            provider: name, command: try toolFilter(arguments, plugin: access.provider),
            isRequired: entry?.isRequired ?? false)
    }

    func standardTools() throws -> AgentPlan.Tools {
        AgentPlan.Tools(provider: "default", command: try toolFilter([], plugin: nil))
    }

    private func toolFilter(_ arguments: [String], plugin: Text?) throws -> FilterCommand {
        var arguments = ["run", "--offer", "--stream"] + arguments + overrides.permissions
        if let file = overrides.sessionApprovals { arguments += ["--session-approvals", file] }
        if let timeout = overrides.timeout { arguments += ["--timeout", timeout] }
        return try filter("tool", arguments, plugin: plugin, replaced: nil, usesTerminal: true)
    }

    /// - Parameters:
    ///   - plugin: Nil for the configuration's default.
    ///   - replaced: The user's own command to run instead.
    func filter(
        _ stage: String, _ arguments: [String], plugin: Text?, replaced: Text?,
        usesTerminal: Bool = false
    ) throws -> FilterCommand {
        try filter(
            stage, arguments, named: plugin.map(pluginName), replaced: replaced,
            usesTerminal: usesTerminal)
    }

    func filter(
        _ stage: String, _ arguments: [String], named plugin: String?, replaced: Text?,
        usesTerminal: Bool = false
    ) throws -> FilterCommand {
        if let command = try replacement(replaced) { return command }
        var arguments = arguments + overrides.common
        if let plugin { arguments += ["--plugin", plugin] }
        return try FilterCommand(
            stage, "hector-\(stage)", arguments, usesTerminal: usesTerminal,
            environment: environment)
    }

    func replacement(_ text: Text?) throws -> FilterCommand? {
        try text.map { FilterCommand(shell: try $0.value(in: environment)) }
    }

    /// A relative path starts at the configuration's folder, not at the filter's working directory.
    func pluginName(_ text: Text) throws -> String {
        let name = try text.value(in: environment)
        guard name.contains("/"), let settings else { return name }
        return try settings.path(text, environment: environment)
    }
}

extension Agent {
    /// The number of candidates for a reranker that the configuration does not limit.
    private static let usualCandidates = 30

    fileprivate var isReranking: Bool { rerank != nil || stages[.rerank] != nil }

    /// The number of passages that the model gets.
    fileprivate var passages: Int { rerank?.topK ?? search.topK }

    /// The number of passages that each search finds.
    fileprivate var candidates: Int {
        if !isReranking { return search.topK }
        return rerank?.candidates ?? max(Self.usualCandidates, passages)
    }
}
