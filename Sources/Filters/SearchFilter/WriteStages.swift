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

    private let database: Database
    private let collection: String
    private let creates: Bool
    private let acknowledgement: Acknowledgement
    private let options: FilterOptions
    private let creation = Mutex(Task<Void, Never>?.none)
    private let creationError = Mutex(PluginError?.none)
    private let pending = KeyedLock()

    /// - Parameter creates: True to create the collection, with the dimension of the first vector,
    ///   before the first record is stored.
    package init(
        _ database: Database, collection: String, creates: Bool,
        _ acknowledgement: Acknowledgement, _ options: FilterOptions
    ) {
        self.database = database
        self.collection = collection
        self.creates = creates
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
            try document(record, vector: try record.vector(), text: try text(record))
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

    /// - Returns: For each document its id, or the reason why it is not stored.
    func store(_ documents: [Database.Document]) async -> [Result<String, PluginError>] {
        if documents.isEmpty { return [] }
        if creates { await create(dimension: documents[0].vector.count) }
        let results = await database.upsert(documents, in: collection)
        let refusal = creationError.withLock { $0 }
        return zip(documents, results).map { document, result in
            result.map { document.id }.mapError { error in
                guard let refusal, error.code == .failed || error.code == .notFound else {
                    return error
                }
                // Of the two errors, this is the one to fix.
                return refusal
            }
        }
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

    /// Returns the text of a record; a record with a vector needs none.
    private func text(_ record: Record) throws(RecordError) -> String? {
        do throws(RecordError) { return try record.content(field: options.field) } catch {
            if error.code == "no_content" { return nil }
            throw error
        }
    }

    /// Creates the collection once for all units. A failure shows in the records' own errors; an
    /// existing collection is not a failure.
    private func create(dimension: Int) async {
        let task = creation.withLock { creation in
            if let task = creation { return task }
            let task = Task {
                do {
                    try await database.createCollection(collection, dimension: dimension)
                } catch let error as PluginError {
                    creationError.withLock { $0 = error }
                } catch {
                    // Only plugin errors are thrown above.
                }
            }
            creation = task
            return task
        }
        await task.value
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
