/// A plugin that stores vectors with their documents, in collections, and finds the nearest.
public protocol DatabaseProvider: Plugin {
    /// Adds a document, or replaces the one with the same id.
    ///
    /// Must not return before the document is stored: the next search finds it, and it is still
    /// there if the process is killed.
    func upsert(_ request: UpsertRequest) async throws

    /// - Returns: The results, best first, at most ``SearchRequest/topK``.
    func search(_ request: SearchRequest) async throws -> [SearchResult]

    /// Deletes a document. Deleting an unknown id succeeds.
    func delete(_ request: DeleteRequest) async throws

    /// Creates a collection. Succeeds if it exists with the same dimension.
    ///
    /// - Parameter dimension: The length of each vector in it.
    func createCollection(_ name: String, dimension: Int) async throws

    func deleteCollection(_ name: String) async throws
}

/// A database that is faster with many requests at once.
///
/// Each method returns one result for each request, in the same order, and throws an error if all
/// of them failed.
public protocol BatchDatabaseProvider: DatabaseProvider {
    /// Adds or replaces documents, as durably as a single upsert.
    func upsert(_ requests: [UpsertRequest]) async throws -> [Result<Void, any Error>]
    func search(_ requests: [SearchRequest]) async throws -> [Result<[SearchResult], any Error>]
    func delete(_ requests: [DeleteRequest]) async throws -> [Result<Void, any Error>]
}

extension BatchDatabaseProvider {
    public func upsert(_ request: UpsertRequest) async throws {
        try await onlyResult(upsert([request]))
    }

    public func search(_ request: SearchRequest) async throws -> [SearchResult] {
        try await onlyResult(search([request]))
    }

    public func delete(_ request: DeleteRequest) async throws {
        try await onlyResult(delete([request]))
    }
}

public struct UpsertRequest: Equatable, Sendable {
    public var collection: String
    public var id: String
    public var vector: [Float]

    /// The metadata, with the document's text under `content`. A value that was not a string in the
    /// user's record is given as its JSON text.
    public var metadata: [String: String]

    public init(collection: String, id: String, vector: [Float], metadata: [String: String] = [:]) {
        self.collection = collection
        self.id = id
        self.vector = vector
        self.metadata = metadata
    }
}

public struct SearchRequest: Equatable, Sendable {
    public var collection: String
    public var vector: [Float]

    /// The most results that are wanted.
    public var topK: Int

    /// A JSON object that the metadata must satisfy, such as
    /// `{"lang": "en", "year": {"$gt": 2020}}`, with the operators `$in`, `$gt`, `$lt` and
    /// `$prefix`. Empty means all documents.
    public var filter: String

    public var includesVectors: Bool

    /// The words of the question; empty unless the manifest has the capability `hybrid`. With words
    /// alone, ``vector`` is empty.
    public var text: String

    /// The weight of the vector in the score, from 0 to 1. Nil: the collection's own.
    public var alpha: Float?

    /// Options of this search that are the database's own.
    public var options: [String: String]

    /// True if the results should say how their scores came about.
    public var explains: Bool

    public init(
        collection: String, vector: [Float], topK: Int, filter: String = "",
        includesVectors: Bool = false, text: String = "", alpha: Float? = nil,
        options: [String: String] = [:], explains: Bool = false
    ) {
        self.collection = collection
        self.vector = vector
        self.topK = topK
        self.filter = filter
        self.includesVectors = includesVectors
        self.text = text
        self.alpha = alpha
        self.options = options
        self.explains = explains
    }
}

public struct SearchResult: Equatable, Sendable {
    public var id: String

    /// The score; higher is better.
    public var score: Float

    /// The metadata, with the text under `content`. The answer also has the text as a separate
    /// field.
    public var metadata: [String: String]

    /// The vector; empty unless vectors were requested.
    public var vector: [Float]

    /// The model that made the vector, if the database knows it.
    public var modelName: String

    /// The similarity of the vectors, before it was weighed; nil if there was nothing to compare.
    public var vectorScore: Float?

    /// The score of the words, from 0 to 1, before it was weighed; nil if the question had none.
    public var textScore: Float?

    /// A JSON object that says how the score came about; empty unless that was requested.
    public var explanation: String

    public init(
        id: String, score: Float, metadata: [String: String] = [:], vector: [Float] = [],
        modelName: String = "", vectorScore: Float? = nil, textScore: Float? = nil,
        explanation: String = ""
    ) {
        self.vectorScore = vectorScore
        self.textScore = textScore
        self.explanation = explanation
        self.id = id
        self.score = score
        self.metadata = metadata
        self.vector = vector
        self.modelName = modelName
    }
}

public struct DeleteRequest: Equatable, Sendable {
    public var collection: String
    public var id: String

    public init(collection: String, id: String) {
        self.collection = collection
        self.id = id
    }
}
