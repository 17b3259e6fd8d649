import Synchronization

/// One request and its answer, between the thread that moves the bytes and the task that wants
/// them.
final class Transfer: Sendable {
    let request: Request
    var origin: String { request.url.origin }

    private let loop: Loop
    private let state = Mutex(State())

    private struct State {
        var head: Head?
        var received: [UInt8] = []

        /// Whether libcurl was told to wait until what was received is taken.
        var isPaused = false

        var isOver = false
        var failure: HTTPError?

        /// The task, while it has nothing to do.
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

    /// - Returns: nil at the end.
    func next() async throws(HTTPError) -> [UInt8]? {
        await wait { $0.isNewsForReader }
        var bytes: [UInt8] = []
        let (mustResume, failure) = state.withLock { state in
            swap(&bytes, &state.received)
            defer { state.isPaused = false }
            return (state.isPaused, state.failure)
        }
        if mustResume { loop.post(.resume(self)) }
        // What has come is handed on before why no more does.
        if !bytes.isEmpty { return bytes }
        if let failure { throw failure }
        return nil
    }

    /// Harmless when it is over.
    func giveUp() {
        finish(HTTPError(.cancelled, "the request to '\(origin)' was cancelled"))
        loop.post(.stop(self))
    }

    private func wait(until isReady: @Sendable (borrowing State) -> Bool) async {
        // Any change wakes the waiter, and not every one is what it waits for.
        while await !isOrBecomes(isReady) {}
    }

    /// - Returns: False after a change that was looked at no closer.
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

    /// - Parameter failure: Why the answer is not complete; nil if it is.
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
