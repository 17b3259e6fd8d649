package import FilterKit
internal import Synchronization

/// Makes work on the same keys happen one after the other, in the order of its tickets, while all
/// other work happens at the same time.
package final class KeyedTurns: Sendable {
    private let last = Mutex([String: Turn]())

    package init() {}

    /// A single piece of work, which others may wait for.
    private final class Turn: Sendable {
        private let state = Mutex((isOver: false, waiting: [CheckedContinuation<Void, Never>]()))

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.waiting.append(continuation) }
                    return state.isOver
                }
                if isOver { continuation.resume() }
            }
        }

        func end() {
            let waiting = state.withLock { state in
                defer { state = (true, []) }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    /// Does the work once all earlier work with one of the same keys is done.
    ///
    /// - Parameter ticket: The work's place in the order. Nil if any order will do.
    package func take<R: Sendable>(
        _ keys: [String], _ ticket: TicketLock.Ticket? = nil, _ body: () async -> R
    ) async -> R {
        let turn = Turn()
        let earlier = await ticket?.use { register(turn, keys) } ?? register(turn, keys)
        for turn in earlier { await turn.wait() }
        let result = await body()
        last.withLock { last in
            for key in keys where last[key] === turn { last[key] = nil }
        }
        turn.end()
        return result
    }

    /// - Returns: The turns before this one.
    private func register(_ turn: Turn, _ keys: [String]) -> [Turn] {
        last.withLock { last in
            keys.compactMap { key in
                let before = last.updateValue(turn, forKey: key)
                return before === turn ? nil : before
            }
        }
    }
}
