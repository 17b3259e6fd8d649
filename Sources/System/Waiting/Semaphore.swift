import Synchronization

/// Permits of which tasks may hold so many at a time: with one permit, a lock that may be held while
/// its holder waits for something else. First come, first served.
///
/// Waiting does not end with the cancellation of the task.
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

    /// Does something with a permit.
    package func with<R>(_ body: () async throws -> R) async rethrows -> R {
        let permit = await acquire()
        defer { permit.release() }
        return try await body()
    }

    /// The right to go on, until it is given back, once.
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
