internal import Synchronization

/// The gate to one server with one key, which all calls of the process pass.
///
/// Requests wait here until they may go. Those that were refused go before those that have not
/// been sent yet; else the order is that in which they came. Time, and what the server answers,
/// let them go, which no semaphore knows of.
final class AdmissionQueue: Sendable {
    private let state: Mutex<State>

    private struct State {
        var pacing: Pacing
        /// The waiting requests, from the last to the first.
        var waiters: [Waiter] = []
        var lastNumber = 0
        /// The time until which no request may go, and the reason.
        var closed: (until: ContinuousClock.Instant, error: ServerError)?
        /// The time at which the timer goes off, if one is set.
        var wakes: ContinuousClock.Instant?
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Pacing.Pass, any Error>
    }

    init() { state = Mutex(State(pacing: Pacing(now: .now))) }

    /// Waits until a request may go.
    ///
    /// - Parameter isRepetition: True if the request was refused before.
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
                // The task may have been cancelled before it could be found here.
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

    /// Leaves after a refusal. If all requests that were sent have been refused often enough, all
    /// waiting requests fail, and so do new ones until the end of the pause.
    ///
    /// - Parameter pauses: The number of pauses to wait for.
    /// - Returns: True if the requests fail.
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

    /// Records the server's report of the requests that may still be made.
    func note(_ allowance: Allowance) {
        guard allowance.remaining == 0 else { return }
        state.withLock { $0.pacing.exhaust(rate: allowance.rate, now: .now) }
    }

    /// Lets requests go that may go now.
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
