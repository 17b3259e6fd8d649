import Synchronization

/// A lock that a task may hold while it waits for something else. Tasks get it in the order in
/// which they asked.
package final class AsyncLock: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isLocked = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    package init() {}

    package func lock() async -> Turn {
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                if !state.isLocked {
                    state.isLocked = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isMine { continuation.resume() }
        }
        return Turn(lock: self)
    }

    /// The ownership of the lock until it is given back.
    package struct Turn: Sendable {
        fileprivate let lock: AsyncLock

        package func unlock() {
            let next = lock.state.withLock { state -> CheckedContinuation<Void, Never>? in
                if state.waiting.isEmpty {
                    state.isLocked = false
                    return nil
                }
                return state.waiting.removeFirst()
            }
            next?.resume()
        }
    }
}
