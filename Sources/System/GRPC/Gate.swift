import Synchronization

/// Lets any number of callers in at once until it is closed, and reports which one is the last to
/// leave.
struct Gate: ~Copyable, Sendable {
    /// Twice the number of callers inside, plus one when closed.
    private let state = Atomic<UInt>(0)

    /// - Returns: True if the caller is now inside and has to leave later; false if the gate is
    ///   closed.
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

    /// - Returns: True if the gate is closed and this was the last caller inside. That happens
    ///   once.
    func leave() -> Bool {
        state.subtract(2, ordering: .acquiringAndReleasing).newValue == 1
    }

    /// - Returns: True if no caller is inside. If false, `leave` returns true to the last one.
    func close() -> Bool {
        state.bitwiseOr(1, ordering: .acquiringAndReleasing).oldValue == 0
    }
}
