internal import FilterKit

/// The time to wait before the next run after a run during which something has changed.
///
/// The run itself may have made the change, such as an extractor that writes beside its document,
/// and so may all later runs.
struct Pause {
    /// The number of times that the wait has been doubled, limited to what the longest wait needs.
    private var doublings = 0
    private static let mostDoublings = 16

    /// The failures of the last run over each store.
    private var failures: [String: [String]] = [:]

    /// - Returns: True if a run did nothing, and its failures are those of the run before.
    mutating func isFutile(_ result: Result<Summary, any Error>, of store: Store) -> Bool {
        let isIdle: Bool
        var messages: [String]
        switch result {
        case .success(let summary):
            isIdle = !summary.isStale
            messages = summary.problems.map(\.message)
            if let refusal = summary.refusal { messages.append(refusal.message) }
        case .failure(let error):
            isIdle = true
            messages = ["\(error)"]
        }
        let before = failures.updateValue(messages, forKey: store.name) ?? []
        return isIdle && messages == before
    }

    /// - Returns: Twice the last wait, up to the longest.
    mutating func lengthen(to longest: Duration, from shortest: Duration) -> Duration {
        defer { doublings = min(doublings + 1, Self.mostDoublings) }
        return min(shortest * (1 << doublings), longest)
    }

    mutating func shorten() { doublings = 0 }
}
