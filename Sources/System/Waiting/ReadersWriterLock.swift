import Synchronization

/// A lock that several tasks may share or one task may hold alone: a readers–writer lock with
/// writer preference. A task that waits to hold it alone comes before tasks that arrive later to
/// share it.
package final class ReadersWriterLock: Sendable {
    package enum Mode: Sendable { case shared, exclusive }

    private let state = Mutex(State())

    private struct State {
        var sharers = 0
        var isExclusive = false
        var waitingToShare: [CheckedContinuation<Void, Never>] = []
        var waitingForExclusive: [CheckedContinuation<Void, Never>] = []

        /// Admits the tasks whose turn it is, and returns them.
        mutating func admit() -> [CheckedContinuation<Void, Never>] {
            if isExclusive { return [] }
            if !waitingForExclusive.isEmpty {
                guard sharers == 0 else { return [] }
                isExclusive = true
                return [waitingForExclusive.removeFirst()]
            }
            defer { waitingToShare = [] }
            sharers += waitingToShare.count
            return waitingToShare
        }
    }

    package init() {}

    package func lock(_ mode: Mode) async -> Hold {
        await withCheckedContinuation { continuation in
            let admitted = state.withLock { state in
                switch mode {
                case .shared: state.waitingToShare.append(continuation)
                case .exclusive: state.waitingForExclusive.append(continuation)
                }
                return state.admit()
            }
            for continuation in admitted { continuation.resume() }
        }
        return Hold(lock: self, mode: mode)
    }

    /// The ownership of the lock, until it is released.
    package struct Hold: Sendable {
        fileprivate let lock: ReadersWriterLock
        fileprivate let mode: Mode

        package func unlock() {
            let admitted = lock.state.withLock { state in
                switch mode {
                case .shared: state.sharers -= 1
                case .exclusive: state.isExclusive = false
                }
                return state.admit()
            }
            for continuation in admitted { continuation.resume() }
        }
    }
}
