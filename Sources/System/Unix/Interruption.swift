import Synchronization
import Waiting

/// An interruption of work on a thread whose result is no longer needed.
package final class Interruption: Sendable {
    private let state = Mutex((hasCome: false, onCome: (@Sendable () -> Void)?.none))

    package init() {}

    package var hasCome: Bool { state.withLock { $0.hasCome } }

    package func come() {
        let onCome = state.withLock { state in
            state.hasCome = true
            return state.onCome
        }
        onCome?()
    }

    /// Runs `body`. Calls for one interruption must not overlap.
    ///
    /// - Parameter onCome: Called when the interruption comes in the meantime, or at once if it has
    ///   come already.
    func during<R>(_ body: () -> R, onCome: @escaping @Sendable () -> Void) -> R {
        let hasCome = state.withLock { state in
            state.onCome = onCome
            return state.hasCome
        }
        defer { state.withLock { $0.onCome = nil } }
        if hasCome { onCome() }
        return body()
    }
}

extension Interruption {
    /// Runs `body` on a new thread, and interrupts it when the task is cancelled.
    package static func onThread<R: Sendable, E: Error>(
        _ body: @escaping @Sendable (Interruption) throws(E) -> R
    ) async throws(E) -> R {
        let interruption = Interruption()
        let result: Latch<Result<R, E>> = .onThread {
            do throws(E) { return .success(try body(interruption)) } catch {
                return .failure(error)
            }
        }
        return try await withTaskCancellationHandler {
            await result.waitRegardless()
        } onCancel: {
            interruption.come()
        }.get()
    }
}
