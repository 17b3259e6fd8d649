import Synchronization
import Unix

/// Work on a thread of its own, because it waits for disks, pipes and terminals.
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

    /// What the work came to; nil when the task is cancelled before. For one caller.
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
