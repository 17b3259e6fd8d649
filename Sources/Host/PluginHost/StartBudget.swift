/// The limit for the starts of a process in a minute, with a growing pause before each start.
struct StartBudget {
    private let perMinute: Int
    private var recent: [ContinuousClock.Instant] = []

    /// The number of all starts.
    private(set) var total = 0

    private static let longestPause = Duration.seconds(5)

    init(perMinute: Int) { self.perMinute = perMinute }

    /// Takes a start.
    ///
    /// - Returns: The time to wait before the start: zero at first, then 0.1 s, doubling to 5 s.
    ///   Nil if the limit is reached.
    mutating func take() -> Duration? {
        let now = ContinuousClock.now
        recent.removeAll { now - $0 > .seconds(60) }
        let count = recent.count
        guard count < perMinute else { return nil }
        recent.append(now)
        total += 1
        guard count > 0 else { return .zero }
        return min(.milliseconds(100) * (1 << (count - 1)), Self.longestPause)
    }

    /// Gives back the last starts, so that they do not count against the process.
    mutating func giveBack(_ count: Int) { recent.removeLast(min(count, recent.count)) }
}
