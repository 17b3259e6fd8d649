/// The starts of a process that a minute allows, with a growing pause before each.
struct StartBudget {
    private let perMinute: Int
    private var recent: [ContinuousClock.Instant] = []

    /// All starts that were taken, however long ago.
    private(set) var total = 0

    private static let longestPause = Duration.seconds(5)

    init(perMinute: Int) { self.perMinute = perMinute }

    /// Takes a start.
    ///
    /// - Returns: The time to wait before it: zero at first, then 0.1 s, doubling to 5 s. Nil if
    ///   there is none left.
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

    /// Gives back the last starts, which do not count against the process.
    mutating func giveBack(_ count: Int) { recent.removeLast(min(count, recent.count)) }
}
