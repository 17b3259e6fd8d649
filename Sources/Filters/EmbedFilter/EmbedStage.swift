package import FilterKit
package import JSON
package import PluginFilterKit
package import PluginHost
package import Waiting

/// Adds to each record the vector of its text.
package struct EmbedStage: FilterStage {
    package let name = "embed"

    private let source: VectorSource
    private let encoding: VectorEncoding
    private let options: FilterOptions

    private var embedder: Embedder { source.embedder }

    package init(_ source: VectorSource, _ encoding: VectorEncoding, _ options: FilterOptions) {
        self.source = source
        self.encoding = encoding
        self.options = options
    }

    package var capacity: Capacity { Capacity(options, takesBatches: embedder.takesBatches) }

    package var failure: Failure? { embedder.plugin.failure.map(Failure.init) }

    package var restarts: Int? { embedder.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        await processUsable(records) { record throws(RecordError) in
            record.embedded(try record.content(field: options.field), field: options.field)
        } together: { texts in
            await source.embed(texts)
        } finish: { record, vector in
            record.set("vector") { $0.appendJSON(vector: vector, as: encoding) }
            return .record(record)
        }
    }
}
