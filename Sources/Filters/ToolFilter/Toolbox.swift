package import FilterKit
internal import JSON
internal import JSONSchema
internal import PluginFilterKit
package import PluginHost
internal import Synchronization
internal import Waiting

/// The tools of one or more plugins, looked up when the first is needed.
package final class Toolbox: Sendable {
    /// A tool and its provider.
    package struct AvailableTool: Sendable {
        /// The tool under the name by which it is called here.
        package let tool: Tools.Tool
        let provider: Tools

        /// The plugin's own name for it, without the prefix.
        let ownName: String

        /// The schema of its arguments, or the reason why it is unknown.
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

    /// A plugin, and the prefix that its tools' names have here.
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
        var offers: [AvailableTool]?
        var clash: Failure?

        /// The reasons why the tools of plugins are missing, by the plugins' indexes.
        var missing: [Int: PluginError] = [:]

        /// The index of the plugin that had a tool when it was last listed.
        var owners: [String: Int] = [:]

        /// The tools whose names were already taken when they came.
        var leftOut: Set<String> = []
    }

    package init(_ providers: [Provider]) { self.providers = providers }

    /// The number of restarts of all plugins together.
    var restarts: Int { providers.reduce(0) { $0 + $1.tools.plugin.restarts } }

    /// The reason why no further call can succeed; nil while calls can. A plugin that is not
    /// required does not count while there are others.
    package var failure: Failure? {
        if let clash = state.withLock({ $0.clash }) { return clash }
        let failures = providers.map(\.tools.plugin.failure)
        let decisive = zip(providers, failures).first { $0.tools.plugin.isRequired && $1 != nil }
        let error = decisive?.1 ?? (failures.contains { $0 == nil } ? nil : failures.first ?? nil)
        return error.map(Failure.init)
    }

    /// Returns all tools, in the order of the plugins. A plugin that cannot list its tools is left
    /// out with a warning, unless it is required or the last.
    ///
    /// - Throws: `.configuration`, too, if two plugins have tools of the same name.
    package func offers() async throws(PluginError) -> [AvailableTool] {
        // One task asks, and the others wait for its result.
        let result = await turns.with { () -> Result<[AvailableTool], PluginError> in
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

    private func keep(_ offers: [AvailableTool]) {
        state.withLock { state in
            state.offers = offers
            for available in offers {
                state.owners[available.tool.name] = providers.firstIndex {
                    $0.tools === available.provider
                }
            }
        }
    }

    /// Asks for the tools again, as a plugin's tools may have changed or gone.
    ///
    /// - Returns: Nil if the tools have not changed.
    /// - Throws: An error if a required plugin cannot list any tools.
    func refreshedOffers() async throws(PluginError) -> [AvailableTool]? {
        let result = await turns.with { () -> Result<[AvailableTool]?, PluginError> in
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

    /// Leaves out new tools under names that other plugins' tools already have.
    private func withoutNewClashes(_ new: [AvailableTool], _ old: [AvailableTool])
        -> [AvailableTool]
    {
        func isThere(_ available: AvailableTool) -> Bool {
            new.contains {
                $0.tool.name == available.tool.name && $0.provider === available.provider
            }
        }
        var owners: [String: Tools] = [:]
        for available in old where isThere(available) {
            owners[available.tool.name] = available.provider
        }
        return new.filter { available in
            let owner = owners[available.tool.name, default: available.provider]
            owners[available.tool.name] = owner
            if owner === available.provider { return true }
            if state.withLock({ $0.leftOut.insert(available.tool.name).inserted }) {
                Diagnostics.warn(
                    "the tool '\(available.tool.name)' that '\(available.pluginName)' has now is left out: "
                        + "'\(owner.plugin.name)' has one of that name")
            }
            return false
        }
    }

    /// Returns the reason why there is no tool of a name, if plugins are missing; nil if none is.
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

    /// The missing plugins with the reasons; nil if none is missing.
    var reasonForAbsence: String? { state.withLock { describe($0.missing) } }

    private func describe(_ missing: [Int: PluginError]) -> String? {
        let parts = missing.sorted { $0.key < $1.key }.map { place, error in
            "'\(providers[place].tools.plugin.name)' are gone: \(error.message)"
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; those of ")
    }

    /// - Returns: Nil if no plugin has such a tool, not even a new one.
    package func available(named name: String) async throws(PluginError) -> AvailableTool? {
        if let available = try await offers().first(where: { $0.tool.name == name }) {
            return available
        }
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
            let available = AvailableTool(tool, provider)
            state.withLock { $0.offers?.append(available) }
            return available
        }
        return nil
    }

    private func isIndispensable(_ provider: Tools) -> Bool {
        provider.plugin.isRequired || providers.count == 1
    }

    /// - Parameter mayBeEmpty: True if it is not an error that no plugin is left.
    private func list(mayBeEmpty: Bool) async throws(PluginError) -> [AvailableTool] {
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
        var offers: [AvailableTool] = []
        var missing: [Int: PluginError] = [:]
        for (index, provider) in providers.enumerated() {
            switch lists[index] {
            case .success(let tools)?: offers += tools.map { AvailableTool($0, provider) }
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
            Diagnostics.warn(
                "the tools of '\(providers[index].tools.plugin.name)' are left out: \(error.message)"
            )
        }
        return offers
    }

    private func refuseClashes(_ offers: [AvailableTool]) throws(PluginError) {
        var owners: [String: AvailableTool] = [:]
        for available in offers {
            guard let other = owners.updateValue(available, forKey: available.tool.name) else {
                continue
            }
            let error = PluginError(
                .configuration,
                "the tool '\(available.tool.name)' is in both '\(other.pluginName)' and "
                    + "'\(available.pluginName)'; give one of them a prefix, as with --prefix "
                    + "'\(available.pluginName)=other_'")
            state.withLock { $0.clash = Failure(error) }
            throw error
        }
    }
}

extension Result {
    /// Returns the result of an asynchronous body.
    static func of(_ body: () async throws(Failure) -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
