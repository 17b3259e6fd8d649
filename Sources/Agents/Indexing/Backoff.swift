internal import FilterKit

/// The growing time between runs while which something changes.
///
/// A run may change files itself, as an extractor does that writes beside its document, and so may
/// every run that follows.
struct Backoff {
    /// The number of times that the time was doubled. More would make it longer than the longest.
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

    /// - Returns: Twice the time before, at most the longest.
    mutating func lengthen(to longest: Duration, from shortest: Duration) -> Duration {
        defer { doublings = min(doublings + 1, Self.mostDoublings) }
        return min(shortest * (1 << doublings), longest)
    }

    mutating func reset() { doublings = 0 }
}
