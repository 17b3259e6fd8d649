package import FilterKit
package import JSON
internal import PluginFilterKit
internal import PluginHost
package import Waiting

/// Adds a model's answer to each record.
package struct GenerateStage: FilterStage {
    package let name = "generate"

    private let generator: Generator
    private let events: InterimOutput?
    private let parallel: Int

    /// A low number, as each call costs money and servers limit them.
    private static let defaultJobs = 8

    /// - Parameter events: The place to report pieces of answers as they come; nil to get answers
    ///   whole.
    package init(_ generator: Generator, _ options: FilterOptions, events: InterimOutput?) {
        self.generator = generator
        self.events = events
        parallel = options.jobs ?? Self.defaultJobs
    }

    package var capacity: Capacity { Capacity(unit: 1, parallel: parallel) }

    package var failure: Failure? { generator.plugin.failure.map(Failure.init) }

    package var restarts: Int? { generator.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for record in records {
            do {
                outcomes.append(.record(try await answer(record)))
            } catch let error as PluginError {
                outcomes.append(.failure(RecordError(error)))
            } catch let error as RecordError {
                outcomes.append(.failure(error))
            } catch {
                outcomes.append(.failure(RecordError("invalid_record", "\(error)")))
            }
        }
        return outcomes
    }

    private func answer(_ record: Record) async throws -> Record {
        var result = record
        guard let events else {
            try await generator.answer(&result)
            return result
        }
        // The beginning of every event of the record.
        var beginning = Array(#"{"event":"delta","#.utf8)
        if let id = record.json("id") ?? record.json("custom_id") {
            beginning += #""id":"#.utf8
            beginning += id
            beginning += ",".utf8
        }
        beginning += #""text":"#.utf8
        try await generator.answer(&result) { text async throws(PluginError) in
            var event = beginning
            event.appendJSON(string: text)
            event.append(UInt8(ascii: "}"))
            await events.say(event)
        }
        return result
    }
}
