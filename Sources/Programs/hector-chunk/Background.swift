import Synchronization
import Unix

/// A piece of work on its own thread, because it waits for disks, pipes or terminals.
final class Background<Value: Sendable>: Sendable {
    private let state = Mutex(State.running)

    private enum State {
        case running
        case awaited(CheckedContinuation<Value?, Never>)
        case done(Value?)
    }

    init(_ work: @escaping @Sendable () -> Value) {
        detachThread { self.finish(work()) }
    }

    /// Returns the result of the work, or nil if the task is cancelled first. Only one caller may
    /// wait for it.
    func value() async -> Value? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let value: Value?? = state.withLock { state in
                    if case .done(let value) = state { return value }
                    state = .awaited(continuation)
                    return nil
                }
                if let value { continuation.resume(returning: value) }
            }
        } onCancel: {
            finish(nil)
        }
    }

    private func finish(_ value: Value?) {
        let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
            switch state {
            case .running:
                state = .done(value)
                return nil
            case .awaited(let continuation):
                state = .done(value)
                return continuation
            case .done:
                return nil
            }
        }
        waiter?.resume(returning: value)
    }
}
