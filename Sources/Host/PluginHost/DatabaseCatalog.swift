internal import Messages
internal import SwiftProtobuf

extension Database {
    /// A collection as the database describes it.
    package struct Collection: Sendable {
        package let name: String
        package let dimension: Int
        package let count: Int
        /// The bytes on the disk; 0 if that is not known.
        package let bytes: Int
        package let properties: [String: String]
    }

    /// Returns the collections whose names begin with a prefix, in the order of their names.
    ///
    /// - Throws: `.unsupported` if the database has no catalog.
    package func collections(prefix: String = "") async throws(PluginError) -> [Collection] {
        let request = Hector_Plugin_ListCollectionsRequest.with { $0.prefix = prefix }
        let response: Hector_Plugin_ListCollectionsResponse = try await call(
            DatabaseCatalogMethod.listCollections, request)
        if !response.error.isEmpty { throw plugin.refusal(response.error) }
        return response.collections.map {
            Collection(
                name: $0.name, dimension: Int(clamping: $0.vectorSize),
                count: Int(clamping: $0.count), bytes: Int(clamping: $0.bytes),
                properties: $0.properties)
        }
    }

    /// Returns the records that are there, in the order of `ids`.
    ///
    /// - Throws: `.unsupported` if the database has no catalog.
    package func records(
        _ ids: [String], in collection: String, includesVectors: Bool
    ) async throws(PluginError) -> [Document] {
        let request = Hector_Plugin_GetRecordsRequest.with {
            $0.collection = collection
            $0.ids = ids
            $0.includeVectors = includesVectors
        }
        let response: Hector_Plugin_GetRecordsResponse = try await call(
            DatabaseCatalogMethod.getRecords, request)
        if !response.error.isEmpty { throw plugin.refusal(response.error) }
        return response.records.map(Document.init)
    }

    /// A scan of a large collection takes as long as its reader; a plugin that is silent ends it.
    private static let longestScan = Duration.seconds(24 * 60 * 60)

    /// Hands on all records of a collection in the order of the bytes of their ids.
    ///
    /// - Parameters:
    ///   - after: The id after which to begin; empty for the first.
    ///   - filter: A JSON object that metadata has to match, or empty.
    ///   - receive: A function that takes the records as they come. The plugin waits for it.
    /// - Throws: `.unsupported` if the database has no catalog.
    package func scan(
        _ collection: String, after: String = "", filter: String = "", includesVectors: Bool,
        _ receive: ([Document]) async throws(PluginError) -> Void
    ) async throws(PluginError) {
        let request = Hector_Plugin_ScanRecordsRequest.with {
            $0.collection = collection
            $0.afterID = after
            $0.filterJson = filter
            $0.includeVectors = includesVectors
        }
        try await plugin.stream(
            DatabaseCatalogMethod.scanRecords, encode(request), timeout: Self.longestScan,
            silence: timeout
        ) { messages throws(PluginError) in
            for bytes in messages {
                let response: Hector_Plugin_ScanRecordsResponse = try plugin.decode(
                    bytes, from: DatabaseCatalogMethod.scanRecords)
                if !response.records.isEmpty {
                    try await receive(response.records.map(Document.init))
                }
                if !response.error.isEmpty { throw plugin.refusal(response.error) }
            }
            return false
        }
    }

    /// Gives a collection another name at once.
    ///
    /// - Throws: `.unsupported` if the database has no catalog.
    package func moveCollection(
        _ from: String, to: String, replaces: Bool
    ) async throws(PluginError) {
        let request = Hector_Plugin_MoveCollectionRequest.with {
            $0.from = from
            $0.to = to
            $0.replace = replaces
        }
        let response: Hector_Plugin_MoveCollectionResponse = try await call(
            DatabaseCatalogMethod.moveCollection, request)
        try outcome(response.success, response.error).get()
    }
}

extension Database {
    /// Maintenance of a large store takes long; a plugin that is silent ends it.
    private static let longestMaintenance = Duration.seconds(24 * 60 * 60)

    /// Reads all that is stored.
    ///
    /// - Parameters:
    ///   - collection: Empty for all collections.
    ///   - report: Called with each problem as it is found.
    /// - Returns: The bytes that were read.
    /// - Throws: `.unsupported` if the database cannot do that.
    package func verify(
        _ collection: String, _ report: (String) async -> Void
    ) async throws(PluginError) -> Int {
        let request = Hector_Plugin_VerifyRequest.with { $0.collection = collection }
        var bytes = 0
        try await plugin.stream(
            DatabaseCatalogMethod.verify, encode(request), timeout: Self.longestMaintenance,
            silence: timeout, isRepeatable: false
        ) { messages throws(PluginError) in
            for message in messages {
                let response: Hector_Plugin_VerifyReport = try plugin.decode(
                    message, from: DatabaseCatalogMethod.verify)
                if !response.problem.isEmpty { await report(response.problem) }
                if response.bytes > 0 { bytes = Int(clamping: response.bytes) }
                if !response.error.isEmpty { throw plugin.refusal(response.error) }
            }
            return false
        }
        return bytes
    }

    /// Gives back the room that deleted and replaced records have left.
    ///
    /// - Parameters:
    ///   - collection: Empty for all collections.
    ///   - timeout: The longest time that it may take; nil for a day.
    /// - Returns: The bytes on the disk before and after.
    /// - Throws: `.unsupported` if the database cannot do that.
    package func compact(
        _ collection: String, timeout: Duration?
    ) async throws(PluginError) -> (before: Int, after: Int) {
        let request = Hector_Plugin_CompactRequest.with { $0.collection = collection }
        let response: Hector_Plugin_CompactResponse = try plugin.decode(
            try await plugin.call(
                DatabaseCatalogMethod.compact, encode(request),
                timeout: timeout ?? Self.longestMaintenance),
            from: DatabaseCatalogMethod.compact)
        try outcome(response.success, response.error).get()
        return (Int(clamping: response.bytesBefore), Int(clamping: response.bytesAfter))
    }
}

extension Database.Document {
    fileprivate init(_ record: Hector_Plugin_StoredRecord) {
        self.init(id: record.id, vector: record.vector, metadata: record.metadata)
    }
}
