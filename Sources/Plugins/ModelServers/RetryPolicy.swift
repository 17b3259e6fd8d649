/// How often a request that failed is sent again, and when.
package struct RetryPolicy: Sendable, Equatable {
    /// How often, after the first time.
    package var most: Int

    /// The pause before the first repetition. It doubles with each.
    package var delay: Duration

    /// The longest pause that comes of doubling.
    static let longestDelay = Duration.seconds(60)

    /// A server that asks for a longer pause is not waited for.
    static let longestAsked = Duration.seconds(120)

    /// The most repetitions of a request that is refused while others are answered: a server may
    /// always refuse it, and would not be left in peace by it.
    var mostRefusals: Int { most == 0 ? 0 : 2 * most + 2 }

    package init(most: Int, delay: Duration) {
        self.most = most
        self.delay = delay
    }

    /// - Parameters:
    ///   - failures: How often the request has failed.
    ///   - asked: The pause that the server asks for.
    ///   - chance: From 0 to 1, by luck: many who failed together do not come back together.
    /// - Returns: nil if the request is not to be sent again.
    package func pause(after failures: Int, asked: Duration?, chance: Double) -> Duration? {
        guard failures <= most else { return nil }
        return pause(afterRefusals: failures, asked: asked, chance: chance)
    }

    /// The pause of all requests after the server has refused one for being too many.
    ///
    /// - Parameter refusals: How many there were one after the other.
    /// - Returns: nil if the server asks for one that is not waited for.
    func pause(afterRefusals refusals: Int, asked: Duration?, chance: Double) -> Duration? {
        if let asked {
            // Never sooner than asked.
            return asked > Self.longestAsked ? nil : asked + asked / 10 * chance
        }
        var pause = min(delay, Self.longestDelay)
        for _ in 1..<max(refusals, 1) where pause < Self.longestDelay { pause *= 2 }
        return min(pause, Self.longestDelay) * (0.5 + chance / 2)
    }
}
