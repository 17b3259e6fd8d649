import Glibc
package import PluginKit
import Synchronization
internal import TextAnalysis

/// A database that needs no server: collections of vectors in a folder.
package final class LocalVectors: BatchDatabaseProvider, CatalogDatabaseProvider {
    package static let manifest = Manifest(
        name: "local-vectors", version: "0.1.0", author: "Hector",
        description: "Vectors in a folder: durable, exact, many readers beside one writer",
        capabilities: [
            "batch": "true", "catalog": "true", "filter": "true", "hybrid": "true",
            "include_vectors": "true",
        ])

    private let opened = Mutex<(store: VectorStore, language: String)?>(nil)
    private let filters = FilterCache()
    private let searches = SearchQueue<Caller>(threads: processors)

    /// The most queries of a caller's turn: many, as they share the reading of the codes, but a
    /// second's work at most for the largest collections.
    private static let slice = 32

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        try configuration.refuseUnknown(besides: ["language", "path"])
        let language = try configuration.string("language", default: Language.default)
        guard (try? Language(language)) != nil else {
            throw ConfigurationError.invalid(
                "language", language,
                expected: "one of \(Language.names.joined(separator: ", "))")
        }
        let log = Logger()
        let store = try VectorStore(
            folder: configuration.path("path", default: defaultFolder())
        ) { log.warn($0) }
        opened.withLock { $0 = (store, language) }
    }

    package func shutdown() {
        // Changes under way are written before this returns.
        opened.withLock { $0 = nil }
    }

    package func upsert(_ requests: [UpsertRequest]) async throws -> [Result<Void, any Error>] {
        let errors = try await store.upsert(
            requests.map {
                ($0.collection, Record(id: $0.id, vector: $0.vector, metadata: $0.metadata))
            })
        return errors.map(result)
    }

    package func delete(_ requests: [DeleteRequest]) async throws -> [Result<Void, any Error>] {
        try await store.delete(requests.map { ($0.collection, $0.id) }).map(result)
    }

    package func search(
        _ requests: [SearchRequest]
    ) async throws -> [Result<[SearchResult], any Error>] {
        let store = try store
        var results = [Result<[SearchResult], any Error>?](repeating: nil, count: requests.count)
        let places = Dictionary(grouping: requests.indices) { requests[$0].collection }
        for (collection, places) in places {
            let found = try await searches.perform(
                places.map { requests[$0] }, slice: Self.slice, for: Caller.current
            ) { [filters] requests, cancellation in
                Self.search(requests, in: collection, of: store, filters, cancellation)
            }
            for (place, result) in zip(places, found) { results[place] = result }
        }
        return results.map { $0! }
    }

    package func createCollection(
        _ name: String, dimension: Int, properties: [String: String]
    ) async throws {
        let known = try store.collections(prefix: name).first { $0.name == name }
        var given = properties
        if let alpha = given["alpha"], !(Float(alpha).map { (0...1).contains($0) } ?? false) {
            throw StoreError("the property 'alpha' must be a number from 0 to 1, not '\(alpha)'")
        }
        if known == nil, given["language"] == nil, language != Language.default {
            given["language"] = language
        }
        try await store.create(collection: name, dimension: dimension, properties: given)
        guard let known else { return }
        let merged = known.properties.merging(given) { $1 }
        if merged != known.properties { try await store.setProperties(merged, of: name) }
    }

    package func deleteCollection(_ name: String) async throws {
        try await store.drop(collection: name)
    }

    var store: VectorStore {
        get throws {
            guard let store = opened.withLock({ $0?.store }) else { throw NotOpen() }
            return store
        }
    }

    /// The language of new collections' texts.
    private var language: String { opened.withLock { $0?.language } ?? Language.default }

    /// Searches one collection for several requests in one scan.
    private static func search(
        _ requests: [SearchRequest], in collection: String, of store: VectorStore,
        _ filters: FilterCache, _ cancellation: SearchCancellation
    ) -> [Result<[SearchResult], any Error>] {
        let queries = requests.map { request in
            Result<Query, any Error> { try Query(request, filters) }
        }
        do {
            var found = try store.search(
                queries.compactMap { try? $0.get() }, in: collection,
                isCancelled: { cancellation.isCancelled })[...]
            return queries.map { query in
                query.flatMap { query in
                    found.removeFirst().map { matches in
                        matches.map { SearchResult($0, explains: query.explains) }
                    }.mapError { $0 }
                }
            }
        } catch {
            return requests.map { _ in .failure(error) }
        }
    }
}

private var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// The error of a call before Initialize.
private struct NotOpen: Error, CustomStringConvertible {
    let description = "the database is not open: Initialize comes first"
}

private func result(_ error: StoreError?) -> Result<Void, any Error> {
    error.map { .failure($0) } ?? .success(())
}

extension Query {
    /// The number of results for a host that does not ask for a certain number.
    private static let standardLimit = 10

    fileprivate init(_ request: SearchRequest, _ filters: FilterCache) throws {
        if let option = request.options.keys.sorted().first {
            throw StoreError(
                "a search has no option '\(option)': local-vectors compares exactly, without any")
        }
        self.init(
            vector: request.vector, text: request.text, alpha: request.alpha.map { Double($0) },
            limit: request.topK == 0 ? Self.standardLimit : request.topK,
            filter: request.filter.isEmpty ? nil : try filters.filter(json: request.filter),
            includesVectors: request.includesVectors, explains: request.explains)
    }
}

extension SearchResult {
    fileprivate init(_ match: Match, explains: Bool) {
        self.init(
            id: match.id, score: match.score, metadata: match.metadata, vector: match.vector,
            vectorScore: match.vectorScore, textScore: match.textScore,
            explanation: explains ? match.explanation : "")
    }
}
