/// The number and times of the repetitions of a failed request.
package struct RetryPolicy: Sendable, Equatable {
    /// The number of repetitions, after the first attempt.
    package var most: Int

    /// The pause before the first repetition. It doubles with each.
    package var delay: Duration

    /// The longest pause that doubling gives.
    static let longestDelay = Duration.seconds(60)

    /// The longest pause that a server may ask for; a longer one is not waited for.
    static let longestAsked = Duration.seconds(120)

    /// The most repetitions of a request that is refused while others are answered: the server may
    /// always refuse it, and endless repetitions would only burden it.
    var mostRefusals: Int { most == 0 ? 0 : 2 * most + 2 }

    package init(most: Int, delay: Duration) {
        self.most = most
        self.delay = delay
    }

    /// - Parameters:
    ///   - failures: The number of times that the request has failed.
    ///   - asked: The pause that the server asks for.
    ///   - chance: A random number from 0 to 1, so that requests that failed together are not
    ///     repeated together.
    /// - Returns: Nil if the request is not to be sent again.
    package func pause(after failures: Int, asked: Duration?, chance: Double) -> Duration? {
        guard failures <= most else { return nil }
        return pause(afterRefusals: failures, asked: asked, chance: chance)
    }

    /// Returns the pause of all requests after the server has refused one because there were too
    /// many.
    ///
    /// - Parameter refusals: The number of refusals in a row.
    /// - Returns: Nil if the server asks for a longer pause than is waited for.
    func pause(afterRefusals refusals: Int, asked: Duration?, chance: Double) -> Duration? {
        if let asked {
            // The pause is never shorter than the server asks for.
            return asked > Self.longestAsked ? nil : asked + asked / 10 * chance
        }
        var pause = min(delay, Self.longestDelay)
        for _ in 1..<max(refusals, 1) where pause < Self.longestDelay { pause *= 2 }
        return min(pause, Self.longestDelay) * (0.5 + chance / 2)
    }
}
