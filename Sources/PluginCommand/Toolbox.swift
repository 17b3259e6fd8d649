package import Command
internal import JSON
internal import JSONSchema
package import Plugin
internal import Synchronization
internal import Waiting

/// The tools of one or more plugins, looked up when the first is needed.
package final class Toolbox: Sendable {
    /// A tool and who has it.
    package struct Offer: Sendable {
        /// Under the name by which it is called here.
        package let tool: Tools.Tool
        let provider: Tools

        /// The name by which the plugin knows it, without the prefix.
        let ownName: String

        /// What its arguments have to be, or why nobody knows.
        let schema: Result<Schema, SchemaError>

        fileprivate init(_ tool: Tools.Tool, _ provider: Provider) {
            ownName = tool.name
            var tool = tool
            tool.name = provider.prefix + tool.name
            self.tool = tool
            self.provider = provider.tools
            schema = Result(catching: { () throws(SchemaError) in
                try Schema(parsing: tool.parameters.isEmpty ? "{}" : tool.parameters)
            })
        }

        package var pluginName: String { provider.plugin.name }
    }

    /// A plugin, and what the names of its tools begin with here.
    package struct Provider: Sendable {
        let tools: Tools
        let prefix: String

        package init(_ tools: Tools, prefix: String = "") {
            self.tools = tools
            self.prefix = prefix
        }
    }

    private let providers: [Provider]
    private let state = Mutex(State())
    private let turns = Semaphore(1)

    private struct State {
        var offers: [Offer]?
        var clash: Failure?

        /// The reasons that the tools of plugins are not there, by the plugins' places.
        var missing: [Int: PluginError] = [:]

        /// Which plugin had a tool when it was last listed.
        var owners: [String: Int] = [:]

        /// The tools that came too late for their names.
        var leftOut: Set<String> = []
    }

    package init(_ providers: [Provider]) { self.providers = providers }

    /// How often the plugins have been started again, together.
    var restarts: Int { providers.reduce(0) { $0 + $1.tools.plugin.restarts } }

    /// The reason that no further call can succeed, once that is so. A plugin that is not required is
    /// no reason while there are others.
    package var failure: Failure? {
        if let clash = state.withLock({ $0.clash }) { return clash }
        let failures = providers.map(\.tools.plugin.failure)
        let decisive = zip(providers, failures).first { $0.tools.plugin.isRequired && $1 != nil }
        let error = decisive?.1 ?? (failures.contains { $0 == nil } ? nil : failures.first ?? nil)
        return error.map(Failure.init)
    }

    /// All tools, in the order of the plugins. One that cannot list its tools is left out with a
    /// warning, unless it is required or the last.
    ///
    /// - Throws: `.configuration`, too, if two plugins have tools of one name.
    package func offers() async throws(PluginError) -> [Offer] {
        // One asks, and the others wait for what it learns.
        let result = await turns.with { () -> Result<[Offer], PluginError> in
            if let offers = state.withLock({ $0.offers }) { return .success(offers) }
            return await Result.of { () throws(PluginError) in
                let offers = try await list(mayBeEmpty: false)
                try refuseClashes(offers)
                keep(offers)
                return offers
            }
        }
        return try result.get()
    }

    private func keep(_ offers: [Offer]) {
        state.withLock { state in
            state.offers = offers
            for offer in offers {
                state.owners[offer.tool.name] = providers.firstIndex { $0.tools === offer.provider }
            }
        }
    }

    /// Asks for the tools again, for a plugin may have others by now, or none any more.
    ///
    /// - Returns: Nil if they are as they were.
    /// - Throws: If a plugin that is required has none to list.
    func refreshedOffers() async throws(PluginError) -> [Offer]? {
        let result = await turns.with { () -> Result<[Offer]?, PluginError> in
            await Result.of { () throws(PluginError) in
                let old = state.withLock { $0.offers } ?? []
                let offers = withoutNewClashes(try await list(mayBeEmpty: true), old)
                guard offers.map(\.tool) != old.map(\.tool) else { return nil }
                keep(offers)
                return offers
            }
        }
        return try result.get()
    }

    /// Leaves out tools that have come later under a name that another plugin's tool has.
    private func withoutNewClashes(_ new: [Offer], _ old: [Offer]) -> [Offer] {
        func isThere(_ offer: Offer) -> Bool {
            new.contains { $0.tool.name == offer.tool.name && $0.provider === offer.provider }
        }
        var owners: [String: Tools] = [:]
        for offer in old where isThere(offer) { owners[offer.tool.name] = offer.provider }
        return new.filter { offer in
            let owner = owners[offer.tool.name, default: offer.provider]
            owners[offer.tool.name] = owner
            if owner === offer.provider { return true }
            if state.withLock({ $0.leftOut.insert(offer.tool.name).inserted }) {
                Talk.warn(
                    "the tool '\(offer.tool.name)' that '\(offer.pluginName)' has now is left out: "
                        + "'\(owner.plugin.name)' has one of that name")
            }
            return false
        }
    }

    /// The reason that there is no tool of a name, if plugins are missing; nil if none is.
    func reasonForAbsence(of name: String) -> String? {
        state.withLock { state in
            let owner = state.owners[name]
            if let owner, let error = state.missing[owner] {
                return
                    "the tool '\(name)' of '\(providers[owner].tools.plugin.name)' is gone: \(error.message)"
            }
            return describe(state.missing).map { "there is no tool '\(name)', and those of \($0)" }
        }
    }

    /// The plugins that are missing, and the reasons; nil if none is.
    var reasonForAbsence: String? { state.withLock { describe($0.missing) } }

    private func describe(_ missing: [Int: PluginError]) -> String? {
        let parts = missing.sorted { $0.key < $1.key }.map { place, error in
            "'\(providers[place].tools.plugin.name)' are gone: \(error.message)"
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; those of ")
    }

    /// - Returns: Nil if no plugin has such a tool, not even a new one.
    package func offer(named name: String) async throws(PluginError) -> Offer? {
        if let offer = try await offers().first(where: { $0.tool.name == name }) { return offer }
        let missing = state.withLock { $0.missing }
        for (index, provider) in providers.enumerated()
        where missing[index] == nil && name.hasPrefix(provider.prefix) {
            let ownName = String(name.dropFirst(provider.prefix.count))
            let tool: Tools.Tool?
            do { tool = try await provider.tools.tool(named: ownName) } catch {
                if isIndispensable(provider.tools) { throw error }
                continue
            }
            guard let tool else { continue }
            let offer = Offer(tool, provider)
            state.withLock { $0.offers?.append(offer) }
            return offer
        }
        return nil
    }

    private func isIndispensable(_ provider: Tools) -> Bool {
        provider.plugin.isRequired || providers.count == 1
    }

    /// - Parameter mayBeEmpty: Whether it is no error that no plugin is left.
    private func list(mayBeEmpty: Bool) async throws(PluginError) -> [Offer] {
        let lists = await withTaskGroup { group in
            for (index, provider) in providers.enumerated() {
                group.addTask {
                    let tools = provider.tools
                    return (
                        index, await Result.of { () throws(PluginError) in try await tools.list() }
                    )
                }
            }
            var lists: [Int: Result<[Tools.Tool], PluginError>] = [:]
            for await (index, list) in group { lists[index] = list }
            return lists
        }
        var offers: [Offer] = []
        var missing: [Int: PluginError] = [:]
        for (index, provider) in providers.enumerated() {
            switch lists[index] {
            case .success(let tools)?: offers += tools.map { Offer($0, provider) }
            case .failure(let error)?:
                if provider.tools.plugin.isRequired || error.code == .cancelled { throw error }
                missing[index] = error
            case nil: break
            }
        }
        let first = missing.min { $0.key < $1.key }?.value
        if let first, missing.count == providers.count, !mayBeEmpty { throw first }
        let old = state.withLock { state in
            defer { state.missing = missing }
            return state.missing
        }
        for (index, error) in missing.sorted(by: { $0.key < $1.key }) where old[index] == nil {
            Talk.warn(
                "the tools of '\(providers[index].tools.plugin.name)' are left out: \(error.message)"
            )
        }
        return offers
    }

    private func refuseClashes(_ offers: [Offer]) throws(PluginError) {
        var owners: [String: Offer] = [:]
        for offer in offers {
            guard let other = owners.updateValue(offer, forKey: offer.tool.name) else { continue }
            let error = PluginError(
                .configuration,
                "the tool '\(offer.tool.name)' is in both '\(other.pluginName)' and "
                    + "'\(offer.pluginName)'; give one of them a prefix, as with --prefix "
                    + "'\(offer.pluginName)=other_'")
            state.withLock { $0.clash = Failure(error) }
            throw error
        }
    }
}

extension Result {
    /// What an asynchronous body comes to.
    static func of(_ body: () async throws(Failure) -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
