internal import FilterKit
package import PluginHost
internal import Synchronization
internal import Unix
package import VectorCache

/// An embedder whose vectors are kept, so that a text is embedded only once.
package final class VectorSource: Sendable {
    package let embedder: Embedder
    private let cache: VectorCache?
    private let maker: VectorCache.Maker?
    private let state = Mutex(State())

    private struct State {
        /// The model as far as it is known.
        var model: String?

        /// True if the plugin was asked for vectors, and so for its model.
        var hasAsked = false

        /// True if the cache cannot be used.
        var isBroken = false
    }

    /// - Parameter specification: The embedder's; nil to keep nothing.
    package init(_ embedder: Embedder, keeping specification: Specification? = nil) {
        self.embedder = embedder
        var cache: VectorCache?
        let maker = specification.flatMap(VectorCache.Maker.init)
        if maker != nil, let folder = VectorCache.folder(Environment.current) {
            do { cache = try VectorCache(folder: folder) } catch { Self.warn(error) }
        }
        self.maker = maker
        self.cache = cache
    }

    private static func warn(_ error: any Error) {
        Diagnostics.warn(
            "cannot use the cache of vectors, so texts may be embedded again: \(error)")
    }

    /// Returns the name of the model, as far as it is known without asking for a vector.
    package func model() async -> String {
        if let model = state.withLock({ $0.model }) { return model }
        let model = await embedder.knownInfo()?.modelName ?? ""
        state.withLock { $0.model = model }
        return model
    }

    package func embed(_ texts: [String]) async -> [Result<[Float], PluginError>] {
        guard let cache, let maker, !state.withLock({ $0.isBroken }) else {
            return await embedder.embed(texts)
        }
        var places: [String: Int] = [:]
        var distinct: [String] = []
        let indices = texts.map { text -> Int in
            // Two texts that only look the same have two vectors.
            let key = text
            if let place = places[key], distinct[place].utf8.elementsEqual(text.utf8) {
                return place
            }
            places[key] = distinct.count
            distinct.append(text)
            return distinct.count - 1
        }
        let vectors = await embed(distinct, cache, maker)
        return indices.map { vectors[$0] }
    }

    private func embed(
        _ texts: [String], _ cache: VectorCache, _ maker: VectorCache.Maker
    ) async -> [Result<[Float], PluginError>] {
        var results = [Result<[Float], PluginError>?](repeating: nil, count: texts.count)
        let known = using { try state.withLock { $0.model } ?? cache.model(of: maker) } ?? nil
        if let known {
            let keys = texts.map { VectorCache.key($0, maker: maker, model: known) }
            let vectors = using { try cache.vectors(keys) } ?? []
            for (place, vector) in vectors.enumerated() {
                results[place] = vector.map { .success($0) }
            }
            state.withLock { if $0.model == nil { $0.model = known } }
        }
        var places = results.indices.filter { results[$0] == nil }
        if places.isEmpty { return results.map { $0! } }
        await embed(places, of: texts, into: &results)
        let model = await embedder.knownInfo()?.modelName ?? ""
        state.withLock { ($0.model, $0.hasAsked) = (model, true) }
        if let known, known != model {
            // The vectors of the earlier model do not go with the new ones.
            let others = results.indices.filter { !places.contains($0) }
            await embed(others, of: texts, into: &results)
            places += others
        }
        var entries: [(key: [UInt8], vector: [Float])] = []
        for place in places {
            guard case .success(let vector)? = results[place] else { continue }
            entries.append((VectorCache.key(texts[place], maker: maker, model: model), vector))
        }
        if !entries.isEmpty { using { try cache.put(entries, maker: maker, model: model) } }
        return results.map { $0! }
    }

    private func embed(
        _ places: [Int], of texts: [String], into results: inout [Result<[Float], PluginError>?]
    ) async {
        let made = await embedder.embed(places.map { texts[$0] })
        for (place, result) in zip(places, made) { results[place] = result }
    }

    /// Uses the cache; a failure only means that texts are embedded again.
    @discardableResult
    private func using<R>(_ body: () throws -> R) -> R? {
        do { return try body() } catch {
            let isFirst = state.withLock { state in
                defer { state.isBroken = true }
                return !state.isBroken
            }
            if isFirst { Self.warn(error) }
            return nil
        }
    }
}

extension VectorCache.Maker {
    /// Returns the maker of an embedder's vectors; nil for one that computes them for nothing.
    init?(_ specification: Specification) {
        var location = ""
        switch specification.location {
        case .executable(let path): location = path
        case .running(let address): location = "\(address)"
        }
        self.init(
            plugin: specification.name, at: location, settings: specification.configuration)
    }
}
