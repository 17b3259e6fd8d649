package import FilterKit
package import JSON
internal import PluginFilterKit
package import PluginHost
package import Waiting

/// Puts the results of each record into the order in which a reranker has them.
package struct RerankStage: FilterStage {
    package let name = "rerank"

    private let reranker: Reranker
    private let selection: Selection
    private let options: FilterOptions

    /// The results that are kept.
    package struct Selection: Sendable {
        /// The most results of a record; nil for all.
        package var limit: Int?
        package var minimumScore: Float?

        package init(limit: Int?, minimumScore: Float?) {
            self.limit = limit
            self.minimumScore = minimumScore
        }
    }

    /// A low number: a call has many texts, and a model reads each of them with the question.
    private static let defaultJobs = 4

    package init(_ reranker: Reranker, _ selection: Selection, _ options: FilterOptions) {
        self.reranker = reranker
        self.selection = selection
        self.options = options
    }

    package var capacity: Capacity {
        Capacity(unit: 1, parallel: options.jobs ?? Self.defaultJobs)
    }

    package var failure: Failure? { reranker.plugin.failure.map(Failure.init) }

    package var restarts: Int? { reranker.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for record in records {
            do {
                outcomes.append(.record(try await rerank(record)))
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

    private func rerank(_ record: Record) async throws -> Record {
        let results = try record.searchResults()
        // A search that has found nothing is an answer, too.
        if results.isEmpty { return record }
        let scores = try await reranker.rerank(
            results.map(\.text), for: try record.question(field: options.field),
            limit: selection.limit ?? results.count)
        var json: [UInt8] = [UInt8(ascii: "[")]
        for score in scores where selection.minimumScore.map({ score.score >= $0 }) ?? true {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json += results[score.index].json(score: score.score)
        }
        json.append(UInt8(ascii: "]"))
        var record = record
        record.set("results", json: json)
        return record
    }
}
