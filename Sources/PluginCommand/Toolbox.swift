package import Command
internal import JSON
internal import JSONSchema
package import Plugin
internal import Synchronization

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
    private let turns = KeyedTurns()

    private struct State {
        var offers: [Offer]?
        var clash: Failure?
    }

    package init(_ providers: [Provider]) { self.providers = providers }

    /// How often the plugins have been started again, together.
    var restarts: Int { providers.reduce(0) { $0 + $1.tools.plugin.restarts } }

    /// Why no further call can succeed, once that is so.
    package var failure: Failure? {
        state.withLock { $0.clash }
            ?? providers.lazy.compactMap { $0.tools.plugin.failure.map(Failure.init) }.first
    }

    /// All tools, in the order of the plugins.
    ///
    /// - Throws: `.configuration`, too, if two plugins have tools of one name.
    package func offers() async throws(PluginError) -> [Offer] {
        // One asks, and the others wait for what it learns.
        let result = await turns.take([""]) { () -> Result<[Offer], PluginError> in
            if let offers = state.withLock({ $0.offers }) { return .success(offers) }
            return await Result.of { () throws(PluginError) in
                let offers = try await list()
                try refuseClashes(offers)
                state.withLock { $0.offers = offers }
                return offers
            }
        }
        return try result.get()
    }

    /// - Returns: Nil if no plugin has such a tool, not even a new one.
    package func offer(named name: String) async throws(PluginError) -> Offer? {
        if let offer = try await offers().first(where: { $0.tool.name == name }) { return offer }
        for provider in providers where name.hasPrefix(provider.prefix) {
            let ownName = String(name.dropFirst(provider.prefix.count))
            guard let tool = try await provider.tools.tool(named: ownName) else { continue }
            let offer = Offer(tool, provider)
            state.withLock { $0.offers?.append(offer) }
            return offer
        }
        return nil
    }

    private func list() async throws(PluginError) -> [Offer] {
        let lists = await withTaskGroup { group in
            for (index, provider) in providers.enumerated() {
                group.addTask {
                    (
                        index,
                        await Result.of { () throws(PluginError) in try await provider.tools.list()
                        }
                    )
                }
            }
            var lists: [Int: Result<[Tools.Tool], PluginError>] = [:]
            for await (index, list) in group { lists[index] = list }
            return lists
        }
        var offers: [Offer] = []
        for (index, provider) in providers.enumerated() {
            guard let list = lists[index] else { continue }
            offers += try list.get().map { Offer($0, provider) }
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
