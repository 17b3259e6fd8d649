import Glibc
import Synchronization
import Waiting

/// Tells work on a thread that nobody wants its result any more, and ends what it runs.
package final class Interruption: Sendable {
    private let state = Mutex((process: Int32(0), hasCome: false))

    package init() {}

    package var hasCome: Bool { state.withLock { $0.hasCome } }

    package func come() {
        state.withLock { state in
            state.hasCome = true
            if state.process > 0 { _ = kill(-state.process, SIGKILL) }
        }
    }

    /// Has a process group killed when the interruption comes, or now if it has.
    func watch(_ process: Int32) {
        state.withLock { state in
            state.process = process
            if state.hasCome { _ = kill(-process, SIGKILL) }
        }
    }

    /// Reaps the process, whose id may be somebody else's afterwards.
    func reap(_ process: Int32) -> Ending {
        state.withLock { state in
            state.process = 0
            var status: Int32 = 0
            while waitpid(process, &status, 0) == -1, errno == EINTR {}
            return Ending(waitStatus: status)
        }
    }
}

extension Interruption {
    /// Runs `body` on a thread of its own, and interrupts it when the task is cancelled.
    package static func onThread<R: Sendable>(
        _ body: @escaping @Sendable (Interruption) throws -> R
    ) async throws -> R {
        let interruption = Interruption()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                detachThread { continuation.resume(with: Result { try body(interruption) }) }
            }
        } onCancel: {
            interruption.come()
        }
    }
}
