/// The pace of requests to a server, which depends on its answers to earlier ones.
///
/// Requests are not delayed until the server refuses one because there are too many. Then all pause
/// for as long as it asks. After that, half as many as before may be under way, and one more with
/// each that is answered. They also go at a rate, which begins with the rate that the server
/// accepted, the pause included, and grows towards the rate that it accepted before the refusal, as
/// if that were its allowance for a second. After a minute without a refusal, the rate grows beyond
/// that, faster and faster.
struct Pacing: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A request that is under way.
    struct Pass: Sendable {
        fileprivate let pauses: Int

        /// The number of pauses since a request was answered, at the time when this one began.
        let pausesInARow: Int
    }

    enum Decision {
        case go(Pass)
        /// - Parameter until: Nil if it depends on the requests under way.
        case wait(until: Instant?)
    }

    enum Outcome {
        case answered
        /// Refused because there are too many requests: all have to pause for this time.
        case refused(pause: Duration)
        case failed
    }

    private(set) var underWay = 0

    /// The most requests that may be under way; nil if that is not limited.
    private var most: Double?
    /// The number of requests that would have been under way when the server refused.
    private var wanted = 0.0

    private(set) var pausedUntil: Instant?
    private var pauses = 0
    private var pauseLength = Duration.zero

    private var pausesInARow = 0

    /// The requests a second; nil if that is not limited.
    private var rate: Double?
    /// The rate that the server reported, until it refuses a request all the same.
    private var known: Double?
    /// The rate that is not exceeded for now.
    private var ceiling = 0.0
    private var growth = Self.fastGrowth
    private var isAtCeilingSince: Instant?
    private var step = Self.firstStep
    private var lastStep = Self.firstStep
    /// True if the server accepted the rate for some time before it refused, or accepted the rate
    /// before the last step for that long.
    private var rateWasHeld = false
    private var grownAt: Instant
    /// The earliest time at which the rate allows the next request.
    private var next: Instant

    /// The requests since the last pause; before the first pause, those of the last second or two.
    private var sent = 0.0
    private var refused = 0.0
    private var sentBefore = 0.0
    private var countedFrom: Instant

    private static let fastGrowth = 1.5
    private static let slowGrowth = 1.25
    /// The factor that keeps the server from refusing when its count differs a little from the
    /// local one.
    private static let margin = 0.95
    private static let firstStep = 1.05
    private static let longestWait = Duration.seconds(60)
    private static let stepLength = Duration.seconds(10)

    /// The unit of time for changes of the rate, as allowances are for minutes if pauses are long.
    private var unit: Duration { max(.seconds(1), pauseLength / 2) }

    init(now: Instant) {
        grownAt = now
        next = now
        countedFrom = now
    }

    // MARK: Before a request

    mutating func start(now: Instant) -> Decision {
        if let pausedUntil {
            if now < pausedUntil { return .wait(until: pausedUntil) }
            resume(now: now)
        }
        if let most, Double(underWay) >= max(1, most.rounded(.down)) { return .wait(until: nil) }
        if let rate = grow(now: now) {
            if now < next { return .wait(until: next) }
            let interval = Duration.seconds(1 / rate)
            // A late timer is made up for, by at most the time of one request.
            next = max(next, now - interval) + interval
        } else if now - countedFrom >= .seconds(1) {
            sentBefore = now - countedFrom < .seconds(2) ? sent : 0
            sent = 0
            countedFrom = now
        }
        underWay += 1
        sent += 1
        return .go(Pass(pauses: pauses, pausesInARow: pausesInARow))
    }

    private mutating func resume(now: Instant) {
        pausedUntil = nil
        let seconds = max((now - countedFrom) / .seconds(1), 0.001)
        // The server has accepted this many, the pause included, so it will accept as many again.
        let taken = max(sent + sentBefore - refused, 1)
        let least = taken / (seconds + (sentBefore > 0 ? 1 : 0))
        if let known {
            rate = known
            ceiling = known
            self.known = nil
            growth = Self.slowGrowth
        } else if let rate {
            let good = rate / (rateWasHeld ? lastStep : growth)
            self.rate = max(least, good * Self.margin)
            // A rate that grew quickly was accepted a little longer.
            ceiling = rateWasHeld ? self.rate ?? least : max(least, good / Self.margin)
            growth = Self.slowGrowth
        } else {
            rate = least
            ceiling = max(least, taken * Self.margin)
            growth = Self.fastGrowth
        }
        isAtCeilingSince = nil
        step = Self.firstStep
        lastStep = Self.firstStep
        grownAt = now
        next = now
        sent = 0
        refused = 0
        sentBefore = 0
        countedFrom = now
    }

    private mutating func grow(now: Instant) -> Double? {
        guard let rate else { return nil }
        if rate < ceiling {
            let grown = rate * power(growth, (now - grownAt) / unit)
            self.rate = min(grown, ceiling)
            grownAt = now
        } else if let since = isAtCeilingSince {
            let isFirst = step == Self.firstStep
            if now - since >= (isFirst ? max(Self.longestWait, pauseLength * 5) : Self.stepLength) {
                isAtCeilingSince = now
                ceiling *= step
                self.rate = ceiling
                lastStep = step
                step = min(2, 1 + (step - 1) * 2)
            }
        } else {
            isAtCeilingSince = now
        }
        return self.rate
    }

    // MARK: After it

    mutating func end(_ pass: Pass, _ outcome: Outcome, now: Instant) {
        underWay -= 1
        switch outcome {
        case .failed: break
        case .answered:
            pausesInARow = 0
            guard let most else { break }
            self.most = most + 1 < wanted ? most + 1 : nil
        case .refused(let pause):
            refused += 1
            hold(until: now + pause)
            // Requests that began before a pause are part of the same refusal.
            guard pass.pauses == pauses else { break }
            pauses += 1
            pausesInARow += 1
            let isStepped = step != Self.firstStep
            rateWasHeld = isAtCeilingSince.map { isStepped || now - $0 >= unit * 5 } ?? false
            pauseLength = pause
            wanted = max(wanted, Double(underWay + 1))
            most = max(1, Double(underWay + 1) / 2)
        }
    }

    /// Returns true if the server has refused one request after another, with a pause before each
    /// except the first, and no other may still be answered.
    func isHopeless(after pauses: Int) -> Bool { pausesInARow > pauses && underWay == 0 }

    /// Records that an allowance is used up: further requests go at the rate at which it becomes
    /// available again.
    mutating func exhaust(rate known: Double, now: Instant) {
        let rate = max(known, 0.001) * Self.margin
        self.known = rate
        self.rate = rate
        ceiling = rate
        isAtCeilingSince = now
        step = Self.firstStep
        lastStep = Self.firstStep
        next = max(next, now + .seconds(1 / rate))
    }

    /// Lets no request go before that time.
    private mutating func hold(until time: Instant) {
        pausedUntil = max(pausedUntil ?? time, time)
    }
}

/// Returns `base` to the power of `exponent`, which is not negative, to within about a hundredth.
private func power(_ base: Double, _ exponent: Double) -> Double {
    var result = 1.0
    var left = exponent
    while left >= 1, result < 1e9 {
        result *= base
        left -= 1
    }
    return result * (1 + (base - 1) * left)
}
