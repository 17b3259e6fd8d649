import Synchronization

/// A count of the uses of a resource that will be closed, like rundown protection in Windows. It
/// refuses new uses once it is closed, and reports the end of the last one.
///
/// Threads do not wait for it, so it is not one of the types in Waiting. Every call uses it, at the
/// cost of two atomic operations.
struct RundownCount: ~Copyable, Sendable {
    /// Twice the number of uses, plus one when closed.
    private let state = Atomic<UInt>(0)

    /// Begins a use.
    ///
    /// - Returns: True if the caller has to call `leave` afterwards, false if the count is closed.
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

    /// Ends a use.
    ///
    /// - Returns: True if the count is closed and this was the last use, which happens at most
    ///   once.
    func leave() -> Bool {
        state.subtract(2, ordering: .acquiringAndReleasing).newValue == 1
    }

    /// Refuses new uses.
    ///
    /// - Returns: True if there are none. If false, `leave` returns true for the last one.
    func close() -> Bool {
        state.bitwiseOr(1, ordering: .acquiringAndReleasing).oldValue == 0
    }
}
