internal import FilterKit

/// The growing pause between runs that were of no use.
///
/// A run may itself cause the change that triggers the next run, for example if an extractor writes
/// a file beside its document.
struct Backoff {
    /// The number of times that the pause was doubled. It is limited so that the pause does not
    /// exceed the longest one.
    private var doublings = 0
    private static let mostDoublings = 16

    /// The problems of the last run over each store.
    private var failures: [String: [String]] = [:]

    /// - Returns: True if a run did nothing and had only the problems that the run before it had.
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

    /// - Returns: Twice the last pause, at most the longest.
    mutating func lengthen(to longest: Duration, from shortest: Duration) -> Duration {
        defer { doublings = min(doublings + 1, Self.mostDoublings) }
        return min(shortest * (1 << doublings), longest)
    }

    mutating func reset() { doublings = 0 }
}
