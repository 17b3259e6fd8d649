import Synchronization

/// A lock for each of any number of keys. Work with a common key runs one after the other, in the
/// order of arrival or of its tickets; all other work runs in parallel.
package final class KeyedLock: Sendable {
    /// The end of the last work on each key.
    private let last = Mutex([String: Latch<Void>]())

    package init() {}

    /// Does the work once all earlier work with one of the same keys is done.
    ///
    /// - Parameter ticket: The work's place in the order. Nil for the order of arrival.
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
