import Synchronization

/// A lock that is granted in the order in which its tickets were drawn, in whatever order the tasks
/// with the tickets start: a ticket lock, as Mellor-Crummey and Scott describe it (1991).
///
/// A semaphore serves tasks in the order in which they begin to wait, which may differ from the
/// order in which they were created.
package final class TicketLock: Sendable {
    private let state = Mutex(State())

    private struct State {
        var next = 0
        /// The ticket whose turn it is.
        var serving = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    package init() {}

    /// Draws the next ticket. Each ticket has to be used or given up, or the tickets behind it wait
    /// forever.
    package func draw() -> Ticket {
        state.withLock { state in
            defer { state.next += 1 }
            return Ticket(lock: self, number: state.next)
        }
    }

    /// A place in the order.
    package struct Ticket: Sendable {
        fileprivate let lock: TicketLock
        fileprivate let number: Int

        /// Runs `body` when all earlier tickets have been used.
        package func use<R>(_ body: () async throws -> R) async rethrows -> R {
            await lock.wait(for: number)
            defer { lock.pass(number) }
            return try await body()
        }

        /// Lets the tickets behind this one go on, unless it has already been used.
        package func giveUp() async {
            if lock.state.withLock({ $0.serving > number }) { return }
            await use {}
        }
    }

    private func wait(for number: Int) async {
        await withCheckedContinuation { continuation in
            let isServed = state.withLock { state in
                if state.serving == number { return true }
                state.waiting[number] = continuation
                return false
            }
            if isServed { continuation.resume() }
        }
    }

    private func pass(_ number: Int) {
        let next = state.withLock { state in
            state.serving = number + 1
            return state.waiting.removeValue(forKey: number + 1)
        }
        next?.resume()
    }
}
