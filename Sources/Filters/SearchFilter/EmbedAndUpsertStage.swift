package import FilterKit
package import JSON
internal import PluginFilterKit
package import PluginHost
internal import Synchronization
package import Waiting

/// Stores each record with the vector of its text.
///
/// It works like an `EmbedStage` followed by an `UpsertStage`, except that vectors, which are much
/// longer than texts, are not converted to JSON and back in between.
package final class EmbedAndUpsertStage: FilterStage {
    package let name = "upsert"

    private let embedder: Embedder
    private let upsert: UpsertStage
    private let options: FilterOptions
    private let pending = KeyedLock()
    private let conflict = Mutex(Failure?.none)

    package init(_ embedder: Embedder, _ upsert: UpsertStage, _ options: FilterOptions) {
        self.embedder = embedder
        self.upsert = upsert
        self.options = options
    }

    package var capacity: Capacity {
        let batches = [embedder.takesBatches, upsert.takesBatches]
        return Capacity(
            options,
            takesBatches: batches.contains(false) ? false : batches.contains(nil) ? nil : true)
    }

    package var dependsOnOrder: Bool { true }

    package var restarts: Int? { embedder.plugin.restarts + (upsert.restarts ?? 0) }

    package var failure: Failure? {
        conflict.withLock { $0 } ?? embedder.plugin.failure.map(Failure.init) ?? upsert.failure
    }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            let text = try record.content(field: options.field)
            let document = try upsert.document(record, vector: [], text: text)
            return (record.embedded(text, field: options.field), document)
        } together: { items in
            // Of two records with the same id, the later one has to win, however long each takes.
            await pending.with(items.map(\.document.id), ticket) { await store(items) }
        } finish: { record, id in
            upsert.outcome(record, id)
        }
    }

    private func store(
        _ items: [(text: String, document: Database.Document)]
    ) async -> [Result<String, PluginError>] {
        async let _: Void = upsert.start()
        var results: [Result<String, PluginError>] = []
        var documents: [Database.Document] = []
        var places: [Int] = []
        for (place, vector) in await embedder.embed(items.map(\.text)).enumerated() {
            results.append(vector.map { _ in items[place].document.id })
            guard case .success(let vector) = vector else { continue }
            var document = items[place].document
            document.vector = vector
            documents.append(document)
            places.append(place)
        }
        guard let first = documents.first else { return results }
        let conflict = await upsert.facts.conflict(with: embedder, dimension: first.vector.count)
        if let conflict {
            self.conflict.withLock { $0 = conflict }
            for place in places {
                results[place] = .failure(PluginError(.configuration, conflict.message))
            }
            return results
        }
        for (place, result) in zip(places, await upsert.store(documents, by: embedder)) {
            results[place] = result
        }
        return results
    }
}
