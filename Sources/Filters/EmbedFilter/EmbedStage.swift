package import FilterKit
package import JSON
internal import PluginFilterKit
package import PluginHost
package import Waiting

/// Adds to each record the vector of its text.
package struct EmbedStage: FilterStage {
    package let name = "embed"

    private let embedder: Embedder
    private let options: FilterOptions

    package init(_ embedder: Embedder, _ options: FilterOptions) {
        self.embedder = embedder
        self.options = options
    }

    package var capacity: Capacity { Capacity(options, takesBatches: embedder.takesBatches) }

    package var failure: Failure? { embedder.plugin.failure.map(Failure.init) }

    package var restarts: Int? { embedder.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            try record.content(field: options.field)
        } together: { texts in
            await embedder.embed(texts)
        } finish: { record, vector in
            record.set("vector") { $0.appendJSON(floats: vector) }
            return .record(record)
        }
    }
}
