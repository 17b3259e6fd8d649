import Synchronization

/// A count of those who use something that is to be closed: rundown protection, as Windows has it.
/// It refuses newcomers once it is closed, and reports the last one that leaves. No thread waits for
/// it, so it is not one of the types of Waiting: every call takes it, at the cost of two atomic
/// operations.
struct RundownCount: ~Copyable, Sendable {
    /// Twice the number of callers inside, plus one when closed.
    private let state = Atomic<UInt>(0)

    /// - Returns: True if the caller is inside and has to leave, false if it is closed.
    func enter() -> Bool {
        var seen = state.load(ordering: .relaxed)
        while seen & 1 == 0 {
            let (exchanged, now) = state.weakCompareExchange(
                expected: seen, desired: seen + 2, ordering: .acquiring)
            if exchanged { return true }
            seen = now
        }
        return false
    }

    /// - Returns: True if it is closed and this was the last one inside: true once.
    func leave() -> Bool {
        state.subtract(2, ordering: .acquiringAndReleasing).newValue == 1
    }

    /// - Returns: True if no caller is inside. If false, `leave` returns true to the last one.
    func close() -> Bool {
        state.bitwiseOr(1, ordering: .acquiringAndReleasing).oldValue == 0
    }
}
