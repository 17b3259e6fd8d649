import Glibc
package import PluginKit
import Synchronization

/// A database that needs no server: collections of vectors in a folder.
package final class LocalVectors: BatchDatabaseProvider {
    package static let manifest = Manifest(
        name: "local-vectors", version: "0.1.0", author: "Hector",
        description: "Vectors in a folder: durable, exact, many readers beside one writer",
        capabilities: ["batch": "true", "filter": "true", "include_vectors": "true"])

    private let opened = Mutex<VectorStore?>(nil)
    private let searches = SearchQueue<Caller>(threads: processors)
    private let filters = FilterCache()

    /// The most queries of a caller's turn: many, as they share the reading of the codes, but a
    /// second's work at most for the largest collections.
    private static let slice = 32

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        try configuration.refuseUnknown(besides: ["path"])
        let store = try VectorStore(
            folder: configuration.path("path", default: defaultFolder()))
        opened.withLock { $0 = store }
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

    package func createCollection(_ name: String, dimension: Int) async throws {
        try await store.create(collection: name, dimension: dimension)
    }

    package func deleteCollection(_ name: String) async throws {
        try await store.drop(collection: name)
    }

    private var store: VectorStore {
        get throws {
            guard let store = opened.withLock({ $0 }) else { throw NotOpen() }
            return store
        }
    }

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
                query.flatMap { _ in
                    found.removeFirst().map { $0.map(SearchResult.init) }.mapError { $0 }
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
        self.init(
            vector: request.vector,
            limit: request.topK == 0 ? Self.standardLimit : request.topK,
            filter: request.filter.isEmpty ? nil : try filters.filter(json: request.filter).filter,
            includesVectors: request.includesVectors)
    }
}

extension SearchResult {
    fileprivate init(_ match: Match) {
        self.init(id: match.id, score: match.score, metadata: match.metadata, vector: match.vector)
    }
}
