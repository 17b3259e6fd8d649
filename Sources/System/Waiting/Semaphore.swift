import Synchronization

/// A counting semaphore for tasks, which are served in the order of arrival. With one permit it is
/// a lock that a task may hold across suspensions.
///
/// Cancelling a task does not end its wait.
package final class Semaphore: Sendable {
    private let state: Mutex<State>

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    package init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Waits for a permit.
    package func acquire() async -> Permit {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        return Permit(semaphore: self)
    }

    /// Runs `body` while holding a permit.
    package func with<R>(_ body: () async throws -> R) async rethrows -> R {
        let permit = await acquire()
        defer { permit.release() }
        return try await body()
    }

    /// A permit. It has to be given back exactly once.
    package struct Permit: Sendable {
        fileprivate let semaphore: Semaphore

        package func release() {
            let next = semaphore.state.withLock { state -> CheckedContinuation<Void, Never>? in
                if state.waiting.isEmpty {
                    state.free += 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            next?.resume()
        }
    }
}
