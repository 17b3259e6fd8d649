package import Command
package import JSON
package import Plugin
package import Waiting

/// Adds to each record the vector of its text.
package struct EmbedStage: Stage {
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

/// Takes what a call needs from each record, makes one call with all of it,
/// and puts the answers and the failures back where they belong.
func processUsable<Item: Sendable, Answer: Sendable>(
    _ records: [Record],
    take: (Record) throws(RecordError) -> Item,
    together: ([Item]) async -> [Result<Answer, PluginError>],
    finish: (inout Record, Answer) -> Outcome
) async -> [Outcome] {
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(records.count)
    var items: [Item] = []
    var places: [Int] = []
    for (place, record) in records.enumerated() {
        do throws(RecordError) {
            items.append(try take(record))
            places.append(place)
            outcomes.append(.nothing)
        } catch {
            outcomes.append(.failure(error))
        }
    }
    guard !items.isEmpty else { return outcomes }
    for (place, answer) in zip(places, await together(items)) {
        switch answer {
        case .success(let answer):
            var record = records[place]
            outcomes[place] = finish(&record, answer)
        case .failure(let error):
            outcomes[place] = .failure(RecordError(error))
        }
    }
    return outcomes
}
