internal import FilterKit

/// How long to wait after a run while which something has changed, before the next.
///
/// The run may have changed it itself, as an extractor does that writes beside its document, and
/// so may all that follow.
struct Pause {
    /// How often it has been doubled, which a longer wait than any does not need.
    private var doublings = 0
    private static let mostDoublings = 16

    /// What failed in the last run over each store.
    private var failures: [String: [String]] = [:]

    /// - Returns: Whether a run did nothing, and nothing failed but what had before.
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

    /// - Returns: Twice what it was, and no more than the longest.
    mutating func lengthen(to longest: Duration, from shortest: Duration) -> Duration {
        defer { doublings = min(doublings + 1, Self.mostDoublings) }
        return min(shortest * (1 << doublings), longest)
    }

    mutating func shorten() { doublings = 0 }
}
