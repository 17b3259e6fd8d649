internal import Synchronization

/// The way to one server with one key, which all calls of the process take.
///
/// Requests wait here until they may go. Those that were refused go before those that have not
/// been sent yet; else the order is that in which they came. Time, and what the server answers,
/// let them go, which no semaphore knows of.
final class AdmissionQueue: Sendable {
    private let state: Mutex<State>

    private struct State {
        var pacing: Pacing
        /// From the last to the first.
        var waiters: [Waiter] = []
        var lastNumber = 0
        /// Until when nobody gets through, and why.
        var closed: (until: ContinuousClock.Instant, error: ServerError)?
        /// When the timer that is set goes off.
        var wakes: ContinuousClock.Instant?
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Pacing.Pass, any Error>
    }

    init() { state = Mutex(State(pacing: Pacing(now: .now))) }

    /// Waits until a request may go.
    ///
    /// - Parameter isRepetition: True if it was refused before.
    /// - Throws: `CancellationError`; ``ServerError`` if the server refuses all requests.
    func enter(isRepetition: Bool) async throws -> Pacing.Pass {
        try Task.checkCancellation()
        let number = try state.withLock { state in
            if let closed = state.closed, closed.until > .now { throw closed.error }
            state.closed = nil
            state.lastNumber += 1
            return state.lastNumber
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waiter = Waiter(number: number, continuation: continuation)
                state.withLock { state in
                    if isRepetition {
                        state.waiters.append(waiter)
                    } else {
                        state.waiters.insert(waiter, at: 0)
                    }
                }
                // A task that was cancelled before it could be found here.
                if Task.isCancelled { cancel(number) }
                letGo()
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        let waiter = state.withLock { state in
            let index = state.waiters.firstIndex { $0.number == number }
            return index.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    func leave(_ pass: Pacing.Pass, _ outcome: Pacing.Outcome) {
        state.withLock { $0.pacing.end(pass, outcome, now: .now) }
        letGo()
    }

    /// Leaves after a refusal. If all that were sent have been refused for long enough, nobody
    /// waits any longer, and until the end of the pause nobody begins to.
    ///
    /// - Parameter pauses: As many are waited for.
    /// - Returns: True if that is so.
    func leave(
        _ pass: Pacing.Pass, refusedWith error: ServerError, pause: Duration, waitingFor pauses: Int
    ) -> Bool {
        let waiters = state.withLock { state -> [Waiter]? in
            state.pacing.end(pass, .refused(pause: pause), now: .now)
            guard state.pacing.isHopeless(after: pauses), let until = state.pacing.pausedUntil
            else { return nil }
            state.closed = (until, error)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters ?? [] { waiter.continuation.resume(throwing: error) }
        letGo()
        return waiters != nil
    }

    /// Takes note of what the server says may still be asked.
    func note(_ allowance: Allowance) {
        guard allowance.remaining == 0 else { return }
        state.withLock { $0.pacing.exhaust(rate: allowance.rate, now: .now) }
    }

    /// Lets those go that may.
    private func letGo() {
        while true {
            let (waiter, pass) = state.withLock { state -> (Waiter?, Pacing.Pass?) in
                guard !state.waiters.isEmpty else { return (nil, nil) }
                switch state.pacing.start(now: .now) {
                case .go(let pass): return (state.waiters.removeLast(), pass)
                case .wait(let time):
                    if let time { wake(at: time, &state) }
                    return (nil, nil)
                }
            }
            guard let waiter, let pass else { return }
            waiter.continuation.resume(returning: pass)
        }
    }

    private func wake(at time: ContinuousClock.Instant, _ state: inout State) {
        if let wakes = state.wakes, wakes <= time { return }
        state.wakes = time
        Task { [weak self] in
            try? await Task.sleep(until: time, tolerance: .zero)
            self?.state.withLock { if $0.wakes == time { $0.wakes = nil } }
            self?.letGo()
        }
    }
}
