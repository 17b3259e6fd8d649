internal import Synchronization

/// A record that may be one of the best.
struct Candidate {
    let place: SlotReference
    /// Not less than the score.
    let upper: Double
    /// The score of its text, to single precision.
    let text: Float
}

/// The records that may be among the best, as far as one thread has seen them.
///
/// Each has an upper and a lower bound of its score. Those whose upper bound is below the best lower
/// bounds are not among the best.
struct Candidates {
    private let limit: Int
    private let shared: SharedThreshold
    private(set) var all: [Candidate] = []
    /// The best lower bounds, in a heap: the first is the least.
    private var lowers: [Double] = []
    private var most = 1024

    /// The smallest score of interest.
    private(set) var threshold = -Double.infinity

    /// - Parameters:
    ///   - limit: The number of records that are wanted.
    ///   - shared: The threshold of all threads that look for them.
    init(limit: Int, _ shared: SharedThreshold) {
        self.limit = limit
        self.shared = shared
    }

    /// Takes what other threads have found into account.
    mutating func refresh() { threshold = max(threshold, shared.value) }

    mutating func offer(_ candidate: Candidate, lower: Double) {
        if candidate.upper < threshold { return }
        all.append(candidate)
        if lowers.count < limit {
            lowers.append(lower)
            rise()
        } else if lower > lowers[0] {
            lowers[0] = lower
            sink()
        }
        if lowers.count == limit, lowers[0] > threshold {
            threshold = lowers[0]
            shared.raise(to: threshold)
        }
        if all.count > most {
            let threshold = threshold
            all.removeAll { $0.upper < threshold }
            most = max(1024, all.count * 2)
        }
    }

    private mutating func rise() {
        var place = lowers.count - 1
        while place > 0, lowers[place] < lowers[(place - 1) / 2] {
            lowers.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < lowers.count {
                if lowers[child] < lowers[least] { least = child }
            }
            if least == place { return }
            lowers.swapAt(place, least)
            place = least
        }
    }
}

/// The highest threshold that any of several threads has reached.
final class SharedThreshold: Sendable {
    private let bits = Atomic((-Double.infinity).bitPattern)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func raise(to threshold: Double) {
        var known = bits.load(ordering: .relaxed)
        while Double(bitPattern: known) < threshold {
            let (isDone, now) = bits.weakCompareExchange(
                expected: known, desired: threshold.bitPattern, ordering: .relaxed)
            if isDone { return }
            known = now
        }
    }
}
