import Synchronization
import Waiting

/// Reports to work on a thread that its result is not wanted any more.
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

    /// Does `body`, which nothing else of the same interruption may be under way with.
    ///
    /// - Parameter onCome: Called when the interruption comes meanwhile, or at once if it has.
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
