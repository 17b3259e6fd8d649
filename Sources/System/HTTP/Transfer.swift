import Synchronization

/// A request and its answer, shared by the thread that moves the bytes and the task that reads
/// them.
final class Transfer: Sendable {
    let request: Request
    var origin: String { request.url.origin }

    private let loop: Loop
    private let state = Mutex(State())

    private struct State {
        var head: Head?
        var received: [UInt8] = []

        /// True if libcurl is paused until the received bytes are taken.
        var isPaused = false

        var isOver = false
        var failure: HTTPError?

        /// The task, while it waits.
        var waiter: CheckedContinuation<Bool, Never>?

        var isNewsForReader: Bool { isOver || !received.isEmpty }
    }

    struct Head: Sendable {
        let status: Int
        let headers: Headers
    }

    /// - Throws: `.invalid` for a request that cannot be sent.
    init(_ request: Request, loop: Loop) throws(HTTPError) {
        if let name = request.headers.unsendable {
            throw HTTPError(.invalid, "the header '\(name)' has characters that cannot be sent")
        }
        self.request = request
        self.loop = loop
    }

    // MARK: The task's side

    func response() async throws(HTTPError) -> Response {
        loop.post(.start(self))
        await wait { $0.head != nil || $0.isOver }
        let (head, failure) = state.withLock { ($0.head, $0.failure) }
        guard let head else { throw failure ?? HTTPError(.interrupted, "'\(origin)' sent no head") }
        return Response(status: head.status, headers: head.headers, transfer: self)
    }

    /// - Returns: The next bytes; nil at the end.
    func next() async throws(HTTPError) -> [UInt8]? {
        await wait { $0.isNewsForReader }
        var bytes: [UInt8] = []
        let (mustResume, failure) = state.withLock { state in
            swap(&bytes, &state.received)
            defer { state.isPaused = false }
            return (state.isPaused, state.failure)
        }
        if mustResume { loop.post(.resume(self)) }
        // The bytes that have arrived are handed on before the reason why there are no more.
        if !bytes.isEmpty { return bytes }
        if let failure { throw failure }
        return nil
    }

    /// Cancels the transfer. Harmless when it is over.
    func giveUp() {
        finish(HTTPError(.cancelled, "the request to '\(origin)' was cancelled"))
        loop.post(.stop(self))
    }

    private func wait(until isReady: @Sendable (borrowing State) -> Bool) async {
        // Any change wakes the waiter, and it may be waiting for a different one.
        while await !isOrBecomes(isReady) {}
    }

    /// - Returns: True if the state is ready already; false after a change, whatever it was.
    private func isOrBecomes(_ isReady: @Sendable (borrowing State) -> Bool) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if isReady(state) { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume(returning: true) }
            }
        } onCancel: {
            giveUp()
        }
    }

    // MARK: The thread's side

    func receive(_ head: Head) {
        wake { $0.head = head }
    }

    /// - Returns: False if the bytes have to wait, and the same bytes come again after `.resume`.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        wake { state in
            guard state.received.count < Self.mostUnread else {
                state.isPaused = true
                return false
            }
            if !state.isOver { state.received += bytes }
            return true
        }
    }

    /// - Parameter failure: The reason why the answer is not complete; nil if it is.
    func finish(_ failure: HTTPError?) {
        wake { state in
            guard !state.isOver else { return }
            state.isOver = true
            state.failure = failure
        }
    }

    private func wake<R: Sendable>(_ change: (inout sending State) -> sending R) -> R {
        let (result, waiter) = state.withLock { state in
            let result = change(&state)
            return (result, state.waiter.take())
        }
        waiter?.resume(returning: false)
        return result
    }

    private static let mostUnread = 256 * 1024
}
