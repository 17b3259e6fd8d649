internal import Synchronization

/// A note that something has changed, which can be waited for.
final class ChangeFlag: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isSet = false
        var waits = 0
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
    }

    var isSet: Bool { state.withLock { $0.isSet } }

    @Sendable func set() {
        let waiting = state.withLock { state in
            state.isSet = true
            return state.waiting
        }
        for continuation in waiting.values { continuation.finish() }
    }

    func clear() { state.withLock { $0.isSet = false } }

    /// Waits until the flag is set, at most until `end`.
    func wait(until end: ContinuousClock.Instant) async {
        let (news, continuation) = AsyncStream.makeStream(of: Never.self)
        let number: Int? = state.withLock { state in
            if state.isSet { return nil }
            state.waits += 1
            state.waiting[state.waits] = continuation
            return state.waits
        }
        guard let number else { return }
        defer { state.withLock { $0.waiting[number] = nil } }
        let timer = Task {
            try await Task.sleep(until: end)
            continuation.finish()
        }
        defer { timer.cancel() }
        for await _ in news {}
    }
}
