package import FilterKit
package import JSON
package import PluginFilterKit
package import PluginHost
internal import Synchronization
package import Waiting

/// The output of a stage at the end of a pipe for each record it has processed.
package enum Acknowledgement: Sendable {
    case nothing
    /// `{"id":…,"stored":true}`
    case receipt
    /// The record, for the next command.
    case record

    func outcome(_ record: Record, _ id: String, _ verb: String) -> Outcome {
        switch self {
        case .nothing: return .nothing
        case .record: return .record(record)
        case .receipt:
            var json = Array(#"{"id":"#.utf8)
            json.appendJSON(string: id)
            json += #","\#(verb)":true}"#.utf8
            return (try? Record(json)).map(Outcome.record) ?? .nothing
        }
    }
}

/// Stores each record in a collection.
package final class UpsertStage: FilterStage {
    package let name = "upsert"

    let facts: CollectionFacts
    private let creation: Creation?
    private let acknowledgement: Acknowledgement
    private let options: FilterOptions
    private let creationTask = Mutex(Task<Void, Never>?.none)
    private let creationError = Mutex(PluginError?.none)
    private let pending = KeyedLock()

    private var database: Database { facts.database }

    /// A collection that is created before the first record is stored, with the dimension of the
    /// first vector.
    package struct Creation: Sendable {
        /// The facts to keep with the collection.
        package var properties: [String: String]

        package init(properties: [String: String]) { self.properties = properties }
    }

    /// - Parameter creation: Nil for a collection that exists.
    package init(
        _ facts: CollectionFacts, _ creation: Creation?, _ acknowledgement: Acknowledgement,
        _ options: FilterOptions
    ) {
        self.facts = facts
        self.creation = creation
        self.acknowledgement = acknowledgement
        self.options = options
    }

    package var dependsOnOrder: Bool { true }

    package var capacity: Capacity { Capacity(options, takesBatches: takesBatches) }

    /// Starts the database if it is not running; the first call reports a failure to start.
    func start() async { try? await database.plugin.start() }

    var takesBatches: Bool? { database.takesBatches(.upsert) }

    package var failure: Failure? { database.plugin.failure.map(Failure.init) }

    package var restarts: Int? { database.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            guard let vector = try record.vectorIfAny() else {
                throw RecordError(
                    "no_vector",
                    "no member 'vector'; pipe the records through hector-embed first, or use "
                        + "--embed")
            }
            return try document(
                record, vector: vector, text: try record.contentIfAny(field: options.field))
        } together: { documents in
            // Of two records with the same id, the later one has to win.
            await pending.with(documents.map(\.id), ticket) { await store(documents) }
        } finish: { record, id in
            outcome(record, id)
        }
    }

    func document(
        _ record: Record, vector: [Float], text: String?
    ) throws(RecordError) -> Database.Document {
        var metadata = try metadata(record)
        if let text { metadata[Metadata.contentKey] = text }
        return Database.Document(id: try record.id(), vector: vector, metadata: metadata)
    }

    /// - Parameter source: The source of the vectors, if it is known.
    /// - Returns: For each document its id, or the reason why it is not stored.
    func store(
        _ documents: [Database.Document], by source: VectorSource? = nil
    ) async -> [Result<String, PluginError>] {
        if documents.isEmpty { return [] }
        if let creation {
            await create(
                creation, dimension: documents[0].vector.count, for: source)
        }
        let stored = await database.upsert(documents, in: facts.name)
        let refusal = creationError.withLock { $0 }
        var results: [Result<String, PluginError>] = []
        results.reserveCapacity(documents.count)
        for (document, result) in zip(documents, stored) {
            switch result {
            case .success: results.append(.success(document.id))
            case .failure(let error):
                let explained = await facts.explained(error, dimension: document.vector.count)
                let isOfCollection = error.code == .failed || error.code == .notFound
                // Of several errors, this is the one to fix.
                results.append(
                    .failure(
                        explained == error && isOfCollection ? refusal ?? error : explained))
            }
        }
        return results
    }

    func outcome(_ record: Record, _ id: String) -> Outcome {
        acknowledgement.outcome(record, id, "stored")
    }

    private func metadata(_ record: Record) throws(RecordError) -> [String: String] {
        var metadata: [String: String] = [:]
        switch record.value("metadata") {
        case .object(let members)?:
            for (key, value) in members { metadata[key] = Metadata.encode(value) }
        case nil, .null?: break
        case .some: throw RecordError("invalid_metadata", "member 'metadata' is not an object")
        }
        return metadata
    }

    /// Creates the collection once for all units. A failure shows in the records' own errors; an
    /// existing collection is not a failure.
    private func create(_ creation: Creation, dimension: Int, for source: VectorSource?) async {
        let task = creationTask.withLock { task in
            if let task { return task }
            let new = Task {
                do throws(PluginError) {
                    try await database.createCollection(
                        facts.name, dimension: dimension,
                        properties: await properties(creation, of: source))
                } catch { creationError.withLock { $0 = error } }
            }
            task = new
            return new
        }
        await task.value
    }

    /// Returns the facts to keep with the collection. Those of the embedder are for a search that
    /// does not name it.
    private func properties(
        _ creation: Creation, of source: VectorSource?
    ) async -> [String: String] {
        let isComplete = ["embedder", "model"].allSatisfy { creation.properties[$0] != nil }
        guard let source, !isComplete, await facts.can("catalog") else {
            return creation.properties
        }
        let embedder = source.embedder
        var properties = ["embedder": embedder.plugin.name]
        let model = await source.model()
        if !model.isEmpty { properties["model"] = model }
        if let alpha = await embedder.alpha() { properties["alpha"] = "\(alpha)" }
        return properties.merging(creation.properties) { $1 }
    }
}

/// Deletes each record from a collection.
package struct DeleteStage: FilterStage {
    package let name = "delete"

    private let database: Database
    private let collection: String
    private let acknowledgement: Acknowledgement
    private let options: FilterOptions
    private let textIsID: Bool

    /// - Parameter textIsID: True if a record is only an id, as on the command line or with
    ///   `--text`.
    package init(
        _ database: Database, collection: String, textIsID: Bool,
        _ acknowledgement: Acknowledgement, _ options: FilterOptions
    ) {
        self.database = database
        self.collection = collection
        self.textIsID = textIsID
        self.acknowledgement = acknowledgement
        self.options = options
    }

    package var capacity: Capacity {
        Capacity(options, takesBatches: database.takesBatches(.delete))
    }

    package var failure: Failure? { database.plugin.failure.map(Failure.init) }

    package var restarts: Int? { database.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            try id(record)
        } together: { ids in
            zip(ids, await database.delete(ids, from: collection)).map { id, result in
                result.map { id }
            }
        } finish: { record, id in
            acknowledgement.outcome(record, id, "deleted")
        }
    }

    private func id(_ record: Record) throws(RecordError) -> String {
        textIsID ? try record.content(field: nil) : try record.id()
    }
}
