package import FilterKit
package import JSON
package import PluginFilterKit
package import PluginHost
internal import Synchronization
package import Waiting

/// Stores each record with the vector of its text.
///
/// It works like an `EmbedStage` followed by an `UpsertStage`, except that vectors, which are much
/// longer than texts, are not converted to JSON and back in between.
package final class EmbedAndUpsertStage: FilterStage {
    package let name = "upsert"

    private let source: VectorSource
    private let upsert: UpsertStage
    private let options: FilterOptions
    private let pending = KeyedLock()
    private let conflict = Mutex(Failure?.none)
    private let expected: ExpectedVectors

    private var embedder: Embedder { source.embedder }

    /// The vectors that the collection has, of which a caller keeps account.
    package struct ExpectedVectors: Sendable {
        package var model = ""
        package var dimension = 0

        package init() {}
    }

    package init(
        _ source: VectorSource, _ upsert: UpsertStage, _ options: FilterOptions,
        expected: ExpectedVectors = ExpectedVectors()
    ) {
        self.source = source
        self.expected = expected
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

    /// Returns the reason why vectors are not like those that the collection has.
    private func unexpected(_ model: String, _ dimension: Int) -> Failure? {
        let isOther = !expected.model.isEmpty && !model.isEmpty && model != expected.model
        let isLonger = expected.dimension > 0 && expected.dimension != dimension
        if !isOther, !isLonger { return nil }
        let difference =
            isOther
            ? "the model '\(expected.model)', not '\(model)'"
            : "vectors of \(expected.dimension) numbers, not \(dimension)"
        return Failure(
            .configuration, "the collection '\(upsert.facts.name)' was made with \(difference)")
    }

    private func store(
        _ items: [(text: String, document: Database.Document)]
    ) async -> [Result<String, PluginError>] {
        async let _: Void = upsert.start()
        var results: [Result<String, PluginError>] = []
        var documents: [Database.Document] = []
        var places: [Int] = []
        for (place, vector) in await source.embed(items.map(\.text)).enumerated() {
            results.append(vector.map { _ in items[place].document.id })
            guard case .success(let vector) = vector else { continue }
            var document = items[place].document
            document.vector = vector
            documents.append(document)
            places.append(place)
        }
        guard let first = documents.first else { return results }
        let model = await source.model()
        var conflict = unexpected(model, first.vector.count)
        if conflict == nil {
            conflict = await upsert.facts.conflict(
                with: embedder, model: model, dimension: first.vector.count)
        }
        if let conflict {
            self.conflict.withLock { $0 = conflict }
            for place in places {
                results[place] = .failure(PluginError(.configuration, conflict.message))
            }
            return results
        }
        for (place, result) in zip(places, await upsert.store(documents, by: source)) {
            results[place] = result
        }
        return results
    }
}
