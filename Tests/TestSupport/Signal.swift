import Foundation
import Synchronization

/// An event that happens once, and that threads and tasks wait for.
package final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    private struct State {
        var isGiven = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    package init() {}

    package func give() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.isGiven = true
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
        semaphore.signal()
    }

    package func wait() async {
        await withCheckedContinuation { continuation in
            let isGiven = state.withLock { state in
                if !state.isGiven { state.waiters.append(continuation) }
                return state.isGiven
            }
            if isGiven { continuation.resume() }
        }
    }

    /// Blocks the calling thread, which must not belong to the cooperative pool.
    package func block() {
        semaphore.wait()
        semaphore.signal()
    }
}
