package import FilterKit
package import JSON
package import PluginHost

/// Collects each record's input for a call, makes one call with all of it, and puts the answers and
/// the failures back in the right places.
package func processUsable<Item: Sendable, Answer: Sendable>(
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
