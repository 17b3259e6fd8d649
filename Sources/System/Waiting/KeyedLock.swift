import Synchronization

/// A lock for each of any number of keys: work on the same keys happens one after the other, in the
/// order in which it came or in that of its tickets, and all other work at the same time.
package final class KeyedLock: Sendable {
    /// The last piece of work on each key, over when its latch is set.
    private let last = Mutex([String: Latch<Void>]())

    package init() {}

    /// Does the work once all earlier work with one of the same keys is done.
    ///
    /// - Parameter ticket: The work's place in the order. Nil if any order will do.
    package func with<R: Sendable>(
        _ keys: [String], _ ticket: TicketLock.Ticket? = nil, _ body: () async -> R
    ) async -> R {
        let end = Latch<Void>()
        let earlier = await ticket?.use { register(end, keys) } ?? register(end, keys)
        for end in earlier { await end.waitRegardless() }
        let result = await body()
        last.withLock { last in
            for key in keys where last[key] === end { last[key] = nil }
        }
        end.set()
        return result
    }

    /// - Returns: The ends of the work before this.
    private func register(_ end: Latch<Void>, _ keys: [String]) -> [Latch<Void>] {
        last.withLock { last in
            keys.compactMap { key in
                let before = last.updateValue(end, forKey: key)
                return before === end ? nil : before
            }
        }
    }
}
