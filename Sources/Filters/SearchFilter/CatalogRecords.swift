package import FilterKit
package import JSON
package import PluginFilterKit
package import PluginHost
internal import Unix
package import Waiting

/// The form of records that come out of a database. Upsert takes them back.
package struct RecordForm: Sendable {
    package var includesVectors: Bool
    package var encoding: VectorEncoding

    package init(includesVectors: Bool, encoding: VectorEncoding) {
        self.includesVectors = includesVectors
        self.encoding = encoding
    }

    /// Appends a record.
    func append(_ document: Database.Document, to json: inout [UInt8]) {
        json += #"{"id":"#.utf8
        json.appendJSON(string: document.id)
        if let content = document.metadata[Metadata.contentKey] {
            json += #","content":"#.utf8
            json.appendJSON(string: content)
        }
        if document.metadata.contains(where: { $0.key != Metadata.contentKey }) {
            json += #","metadata":"#.utf8
            json.appendJSON(metadata: document.metadata)
        }
        if includesVectors, !document.vector.isEmpty {
            json += #","vector":"#.utf8
            json.appendJSON(vector: document.vector, as: encoding)
        }
        json.append(UInt8(ascii: "}"))
    }
}

/// Replaces each record by the one that the collection has with its id.
package struct GetStage: FilterStage {
    package let name = "get"

    private let facts: CollectionFacts
    private let form: RecordForm
    private let options: FilterOptions

    package init(_ facts: CollectionFacts, _ form: RecordForm, _ options: FilterOptions) {
        self.facts = facts
        self.form = form
        self.options = options
    }

    package var capacity: Capacity { Capacity(options, takesBatches: true) }

    package var failure: Failure? { facts.database.plugin.failure.map(Failure.init) }

    package var restarts: Int? { facts.database.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            options.text ? try record.content(field: nil) : try record.id()
        } together: { ids in
            await answers(to: ids)
        } finish: { record, document in
            var json: [UInt8] = []
            form.append(document, to: &json)
            return (try? Record(json)).map(Outcome.record) ?? .nothing
        }
    }

    private func answers(to ids: [String]) async -> [Result<Database.Document, PluginError>] {
        do throws(PluginError) {
            let found = try await get(ids)
            return ids.map { id in
                found[Array(id.utf8)].map { .success($0) } ?? .failure(missing(id))
            }
        } catch { return ids.map { _ in .failure(error) } }
    }

    /// Returns the records by the bytes of their ids.
    private func get(
        _ ids: [String]
    ) async throws(PluginError) -> [[UInt8]: Database.Document] {
        let documents = try await facts.database.records(
            ids, in: facts.name, includesVectors: form.includesVectors)
        return Dictionary(documents.map { (Array($0.id.utf8), $0) }) { first, _ in first }
    }

    private func missing(_ id: String) -> PluginError {
        PluginError(.notFound, "no record '\(id)' in collection '\(facts.name)'")
    }

    /// The most ids in one call.
    private static let mostIDs = 256

    /// Prints the records with some ids, one in a line.
    ///
    /// - Returns: True if all are there; a missing one is reported.
    package func print(_ ids: [String]) async throws -> Bool {
        let output = LineWriter()
        var isComplete = true
        for start in stride(from: 0, to: ids.count, by: Self.mostIDs) {
            let ids = Array(ids[start..<min(start + Self.mostIDs, ids.count)])
            let found = try await get(ids)
            for id in ids {
                guard let document = found[Array(id.utf8)] else {
                    isComplete = false
                    Diagnostics.error(missing(id).message)
                    continue
                }
                var json: [UInt8] = []
                form.append(document, to: &json)
                json.append(options.null ? 0 : UInt8(ascii: "\n"))
                output.append(json)
            }
            try await output.flush()
        }
        try await output.finish()
        return isComplete
    }
}

/// Prints all records of a collection in the order of the bytes of their ids.
///
/// - Parameters:
///   - after: The id after which to begin; empty for the first.
///   - filter: A JSON object that metadata has to match, or empty.
package func printRecords(
    of facts: CollectionFacts, after: String, filter: String, _ form: RecordForm
) async throws {
    let output = LineWriter()
    var failure: (any Error)?
    do {
        try await facts.database.scan(
            facts.name, after: after, filter: filter, includesVectors: form.includesVectors
        ) { documents throws(PluginError) in
            var json: [UInt8] = []
            for document in documents {
                form.append(document, to: &json)
                json.append(UInt8(ascii: "\n"))
            }
            output.append(json)
            do { try await output.flush() } catch {
                failure = error
                throw PluginError(.cancelled, "the output is closed")
            }
        }
    } catch {
        throw failure ?? error
    }
    try await output.finish()
}
