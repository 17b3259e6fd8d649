internal import Messages
internal import SwiftProtobuf
import Synchronization

/// A plugin that stores vectors and finds the nearest.
package final class Database: Sendable {
    package static let service = "hector.plugin.DatabaseProvider"

    package let plugin: Plugin
    let timeout: Duration
    private let upserts: Batching
    private let searches: Batching
    private let deletes: Batching
    private let warn: @Sendable (String) -> Void
    private let hasWarned = Atomic(false)

    package struct Document: Sendable {
        package var id: String
        package var vector: [Float]
        /// The metadata, with the text under the key `content`.
        package var metadata: [String: String]

        package init(id: String, vector: [Float], metadata: [String: String]) {
            self.id = id
            self.vector = vector
            self.metadata = metadata
        }
    }

    package struct Query: Sendable {
        package var vector: [Float]
        package var limit: Int
        /// A JSON object that metadata has to match, or empty.
        package var filter: String
        package var includesVectors: Bool
        /// The words of the question, for a database with the capability `hybrid`; or empty.
        package var text: String
        /// The weight of the vector, from 0 to 1; nil for the collection's own.
        package var alpha: Float?
        /// Options that are the database's own.
        package var options: [String: String]
        package var explains: Bool

        package init(
            vector: [Float], limit: Int, filter: String = "", includesVectors: Bool = false,
            text: String = "", alpha: Float? = nil, options: [String: String] = [:],
            explains: Bool = false
        ) {
            self.vector = vector
            self.limit = limit
            self.filter = filter
            self.includesVectors = includesVectors
            self.text = text
            self.alpha = alpha
            self.options = options
            self.explains = explains
        }
    }

    package struct Match: Sendable {
        package let id: String
        package let score: Float
        package let content: String
        package let vector: [Float]
        package let metadata: [String: String]
        /// The parts of the score before they were weighed, where the database tells them.
        package let vectorScore: Float?
        package let textScore: Float?
        /// A JSON object, or empty.
        package let explanation: String
    }

    /// - Parameters:
    ///   - timeout: The longest time for one call.
    ///   - parallel: The number of items of a list that may be sent at once if each goes in its own
    ///     call.
    ///   - warn: Called once if the plugin's results had to be corrected.
    package init(
        _ plugin: Plugin, timeout: Duration, parallel: Int = .max,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        upserts = Batching(parallel: parallel)
        searches = Batching(parallel: parallel)
        deletes = Batching(parallel: parallel)
        self.plugin = plugin
        self.timeout = timeout
        self.warn = warn
    }

    /// The three operations on many items, each of which may have a batch call.
    package enum Operation: Sendable { case upsert, search, delete }

    /// Returns true if several items go in one call. Nil until that has been tried.
    package func takesBatches(_ operation: Operation) -> Bool? {
        switch operation {
        case .upsert: upserts.isSupported
        case .search: searches.isSupported
        case .delete: deletes.isSupported
        }
    }

    package func upsert(_ documents: [Document], in collection: String) async -> [Result<
        Void, PluginError
    >] {
        let requests = documents.map { document in
            Hector_Plugin_UpsertRequest.with {
                $0.collection = collection
                $0.id = document.id
                $0.vector = document.vector
                $0.metadata = document.metadata
            }
        }
        return await upserts.send(requests, key: \.id) { requests throws(PluginError) in
            let request = Hector_Plugin_UpsertBatchRequest.with { $0.requests = requests }
            let response: Hector_Plugin_UpsertBatchResponse = try await call(
                DatabaseBatchMethod.upsertBatch, request, .divisible)
            try plugin.require(
                response.responses.count, for: requests.count, "answers", "documents")
            return response.responses.map { self.outcome($0.success, $0.error) }
        } alone: { request, isolation in
            await self.attempt { () throws(PluginError) in
                let response: Hector_Plugin_UpsertResponse = try await self.call(
                    DatabaseMethod.upsert, request, isolation)
                return try self.outcome(response.success, response.error).get()
            }
        }
    }

    /// - Returns: The matches of each query, best first, each id once and every score a number,
    ///   whatever the plugin does.
    package func search(_ queries: [Query], in collection: String) async -> [Result<
        [Match], PluginError
    >] {
        let requests = queries.map { query in
            Hector_Plugin_SearchRequest.with {
                $0.collection = collection
                $0.vector = query.vector
                $0.topK = Int32(clamping: query.limit)
                $0.filterJson = query.filter
                $0.includeVectors = query.includesVectors
                $0.text = query.text
                if let alpha = query.alpha { $0.alpha = alpha }
                $0.options = query.options
                $0.explain = query.explains
            }
        }
        return await searches.send(requests) { requests throws(PluginError) in
            let request = Hector_Plugin_SearchBatchRequest.with { $0.requests = requests }
            let response: Hector_Plugin_SearchBatchResponse = try await call(
                DatabaseBatchMethod.searchBatch, request, .divisible)
            try plugin.require(response.responses.count, for: requests.count, "answers", "queries")
            return response.responses.map(self.matches)
        } alone: { request, isolation in
            await self.attempt { () throws(PluginError) in
                let response: Hector_Plugin_SearchResponse = try await self.call(
                    DatabaseMethod.search, request, isolation)
                return try self.matches(response).get()
            }
        }
    }

    package func delete(_ ids: [String], from collection: String) async -> [Result<
        Void, PluginError
    >] {
        let requests = ids.map { id in
            Hector_Plugin_DeleteRequest.with {
                $0.collection = collection
                $0.id = id
            }
        }
        return await deletes.send(requests, key: \.id) { requests throws(PluginError) in
            let request = Hector_Plugin_DeleteBatchRequest.with { $0.requests = requests }
            let response: Hector_Plugin_DeleteBatchResponse = try await call(
                DatabaseBatchMethod.deleteBatch, request, .divisible)
            try plugin.require(response.responses.count, for: requests.count, "answers", "ids")
            return response.responses.map { self.outcome($0.success, $0.error) }
        } alone: { request, isolation in
            await self.attempt { () throws(PluginError) in
                let response: Hector_Plugin_DeleteResponse = try await self.call(
                    DatabaseMethod.delete, request, isolation)
                return try self.outcome(response.success, response.error).get()
            }
        }
    }

    /// - Parameter properties: Facts to keep with the collection; a database without the capability
    ///   `catalog` ignores them.
    package func createCollection(
        _ name: String, dimension: Int, properties: [String: String] = [:]
    ) async throws(PluginError) {
        let request = Hector_Plugin_CreateCollectionRequest.with {
            $0.collection = name
            $0.vectorSize = UInt64(dimension)
            $0.properties = properties
        }
        let response: Hector_Plugin_CreateCollectionResponse = try await call(
            DatabaseMethod.createCollection, request)
        try outcome(response.success, response.error).get()
    }

    package func deleteCollection(_ name: String) async throws(PluginError) {
        let request = Hector_Plugin_DeleteCollectionRequest.with { $0.collection = name }
        let response: Hector_Plugin_DeleteCollectionResponse = try await call(
            DatabaseMethod.deleteCollection, request)
        try outcome(response.success, response.error).get()
    }

    /// Returns the capabilities that the plugin states, by name.
    package func capabilities() async throws(PluginError) -> [String: String] {
        let manifest: Hector_Plugin_ManifestResponse = try await call(
            DatabaseMethod.getManifest, Hector_Plugin_ManifestRequest())
        return manifest.capabilities
    }

    func call<Response: Message>(
        _ method: String, _ request: some Message, _ isolation: Plugin.Isolation = .none
    ) async throws(PluginError) -> Response {
        try plugin.decode(
            try await plugin.call(
                method, encode(request), timeout: timeout, isolation: isolation),
            from: method)
    }

    private func attempt<R: Sendable>(
        _ body: () async throws(PluginError) -> R
    ) async -> Result<R, PluginError> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    func outcome(_ success: Bool, _ error: String) -> Result<Void, PluginError> {
        if success && error.isEmpty {
            plugin.noteWrite()
            return .success(())
        }
        return .failure(plugin.refusal(error.isEmpty ? "refused without a reason" : error))
    }

    private func matches(
        _ response: Hector_Plugin_SearchResponse
    ) -> Result<[Match], PluginError> {
        guard response.error.isEmpty else { return .failure(plugin.refusal(response.error)) }
        let (results, defects) = ranked(response.results, score: \.score, id: \.id)
        if let first = defects.first, !hasWarned.exchange(true, ordering: .relaxed) {
            let more = defects.count > 1 ? ", among others" : ""
            warn(
                "plugin '\(plugin.name)' answered with \(first)\(more); its results are put in "
                    + "order here, in this and any other answer")
        }
        return .success(
            results.map { result in
                Match(
                    id: result.id, score: result.score,
                    content: result.content.isEmpty
                        ? result.metadata["content"] ?? "" : result.content,
                    vector: result.vector, metadata: result.metadata,
                    vectorScore: result.hasVectorScore ? result.vectorScore : nil,
                    textScore: result.hasTextScore ? result.textScore : nil,
                    explanation: result.explanationJson)
            })
    }
}
