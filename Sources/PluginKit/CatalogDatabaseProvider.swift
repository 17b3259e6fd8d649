/// A database that can say what it has.
///
/// Its manifest has the capability `catalog`.
public protocol CatalogDatabaseProvider: DatabaseProvider {
    /// - Parameter prefix: The beginning of the names; empty for all collections.
    /// - Returns: The collections in the order of their names.
    func collections(prefix: String) async throws -> [CollectionInfo]

    /// - Returns: The records that are there, in the order of `ids`.
    func records(
        _ ids: [String], in collection: String, includesVectors: Bool
    ) async throws -> [StoredDocument]

    /// Sends all records in the order of the bytes of their ids, as one moment had them.
    ///
    /// - Parameter send: A function that takes as many records as are convenient. It returns when
    ///   the host has room for more.
    func scan(
        _ request: ScanRequest,
        sendingTo send: @Sendable ([StoredDocument]) async throws -> Void
    ) async throws

    /// Gives a collection another name at once, so that no search sees neither or both.
    ///
    /// - Parameter replaces: True to delete a collection that has the new name. If false, such a
    ///   collection is an error.
    func moveCollection(_ from: String, to: String, replaces: Bool) async throws

    /// Creates a collection. If it exists with the same dimension, it keeps its properties except
    /// those that are given.
    func createCollection(
        _ name: String, dimension: Int, properties: [String: String]
    ) async throws
}

extension CatalogDatabaseProvider {
    public func createCollection(_ name: String, dimension: Int) async throws {
        try await createCollection(name, dimension: dimension, properties: [:])
    }
}

/// A database that can look after what it has stored.
public protocol MaintainedDatabaseProvider: CatalogDatabaseProvider {
    /// Reads all that is stored and reports what is damaged.
    ///
    /// - Parameters:
    ///   - collection: Empty for all collections.
    ///   - send: A function that takes a report. It is called at least every few seconds, so that a
    ///     host can tell work from a hang.
    /// - Throws: An error if the rest cannot be read.
    func verify(
        _ collection: String, sendingTo send: @Sendable (VerifyReport) async throws -> Void
    ) async throws

    /// Gives back the room that deleted and replaced records have left.
    ///
    /// - Parameter collection: Empty for all collections.
    /// - Returns: The bytes on the disk before and after.
    func compact(_ collection: String) async throws -> (before: Int, after: Int)
}

public struct VerifyReport: Equatable, Sendable {
    /// The damage: the file, the collection and the record; empty if there is none to report.
    public var problem: String

    /// The bytes that have been read so far.
    public var bytes: Int

    public init(problem: String = "", bytes: Int) {
        self.problem = problem
        self.bytes = bytes
    }
}

public struct CollectionInfo: Equatable, Sendable {
    public var name: String

    /// The length of each vector.
    public var dimension: Int

    /// The number of records.
    public var count: Int

    /// The bytes that it takes on the disk; 0 if that is not known.
    public var bytes: Int

    /// The facts that were given when it was created, such as `embedder`, `model` and `alpha`.
    public var properties: [String: String]

    public init(
        name: String, dimension: Int, count: Int, bytes: Int = 0, properties: [String: String] = [:]
    ) {
        self.name = name
        self.dimension = dimension
        self.count = count
        self.bytes = bytes
        self.properties = properties
    }
}

public struct StoredDocument: Equatable, Sendable {
    public var id: String

    /// The vector; empty unless it was requested.
    public var vector: [Float]

    /// The metadata, with the text under `content`.
    public var metadata: [String: String]

    public init(id: String, vector: [Float] = [], metadata: [String: String]) {
        self.id = id
        self.vector = vector
        self.metadata = metadata
    }
}

public struct ScanRequest: Equatable, Sendable {
    public var collection: String

    /// The id after which the scan begins; empty for the first record.
    public var after: String

    /// A condition as in ``SearchRequest/filter``.
    public var filter: String

    public var includesVectors: Bool

    public init(
        collection: String, after: String = "", filter: String = "", includesVectors: Bool = false
    ) {
        self.collection = collection
        self.after = after
        self.filter = filter
        self.includesVectors = includesVectors
    }
}
