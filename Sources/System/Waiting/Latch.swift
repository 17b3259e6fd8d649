import Synchronization

/// A value that is set once and that any number of tasks may wait for.
package final class Latch<Value: Sendable>: Sendable {
    private let state = Mutex(State())

    private struct State {
        var value: Value?
        var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
        var tickets = 0
    }

    package init() {}

    /// The value, once it is set.
    package var value: Value? { state.withLock { $0.value } }

    /// Sets the value, unless it is set already.
    package func set(_ value: Value) {
        let waiters: [CheckedContinuation<Value?, Never>] = state.withLock { state in
            guard state.value == nil else { return [] }
            state.value = value
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Waits for the value. Returns nil only when the task is cancelled.
    package func wait() async -> Value? {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        return await withTaskCancellationHandler {
            await wait(ticket, heedsCancellation: true)
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume(returning: nil)
        }
    }

    /// Waits for the value even in a task that is cancelled.
    package func waitRegardless() async -> Value {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        return await wait(ticket, heedsCancellation: false)!
    }

    private func wait(_ ticket: Int, heedsCancellation: Bool) async -> Value? {
        await withCheckedContinuation { continuation in
            let result: Value?? = state.withLock { state in
                if let value = state.value { return value }
                if heedsCancellation, Task.isCancelled { return .some(nil) }
                state.waiters[ticket] = continuation
                return nil
            }
            if let result { continuation.resume(returning: result) }
        }
    }

    /// Waits for the value. Returns nil if it was not set in time or if the task is cancelled.
    package func wait(atMost duration: Duration) async -> Value? {
        if let value { return value }
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                try? await Task.sleep(for: duration)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

extension Latch where Value == Void {
    package func set() { set(()) }
}

extension Latch {
    /// Runs blocking work on a separate thread.
    ///
    /// - Returns: A latch that is set to the result of the work.
    package static func onThread(_ work: @escaping @Sendable () -> Value) -> Latch {
        let latch = Latch()
        detachThread { latch.set(work()) }
        return latch
    }
}
