import CGRPC
import Synchronization

extension Channel {
    /// Sends one message and lends `body` the stream of replies.
    ///
    /// If `body` returns or throws before the stream has ended, the call is cancelled.
    ///
    /// - Parameters:
    ///   - method: The full path, as in `/grpc.health.v1.Health/Watch`.
    ///   - timeout: The longest time for the whole call; nil for no limit.
    ///   - waitForReady: True to keep trying while no server listens, instead of failing with
    ///     UNAVAILABLE.
    package func withStream<R: Sendable>(
        _ method: String, _ request: [UInt8], timeout: Duration? = nil, waitForReady: Bool = false,
        _ body: (inout ServerStream) async throws -> R
    ) async throws -> R {
        let call = try StreamCall(self, method, request, timeout: timeout)
        defer { call.cancel() }
        // Installed once for the stream: doing so for each message would cost as much as the
        // message.
        return try await withTaskCancellationHandler {
            try call.start(waitForReady: waitForReady)
            var stream = ServerStream(call: call)
            return try await body(&stream)
        } onCancel: {
            call.cancel()
        }
    }
}

/// The replies to one call, in the order they were sent.
package struct ServerStream: ~Copyable {
    fileprivate let call: StreamCall

    private var isOver = false

    fileprivate init(call: StreamCall) {
        self.call = call
    }

    /// The most messages taken at once. The work between two waits should be short.
    private static let mostAtOnce = 64

    /// Returns the next message, or nil once the server has ended the call with OK.
    ///
    /// Only what fits the connection's window is read ahead, so a server that sends faster than
    /// this is called has to wait.
    ///
    /// Cancelling the task cancels the call, which then fails with CANCELLED.
    package mutating func next() async throws(GRPCError) -> [UInt8]? {
        if isOver { return nil }
        if let message = try await call.message() { return message }
        isOver = true
        if let failure = try await call.end() { throw failure }
        return nil
    }

    /// Waits for a message and returns it with the others that have arrived, which `next` returns
    /// one by one. The result is empty once the server has ended the call with OK.
    package mutating func nextMessages() async throws(GRPCError) -> [[UInt8]] {
        guard let first = try await next() else { return [] }
        var messages = [first]
        while messages.count < Self.mostAtOnce, let message = try call.messageIfReady() {
            messages.append(message)
        }
        return messages
    }

    /// Does the same as `nextMessages()`, for no longer than the limit. After that the call is
    /// cancelled, and fails as if it had that deadline.
    package mutating func nextMessages(within limit: Duration) async throws(GRPCError) -> [[UInt8]]
    {
        let call = call
        let timer = Task {
            try await Task.sleep(for: limit)
            call.giveUp()
        }
        defer { timer.cancel() }
        do { return try await nextMessages() } catch {
            guard call.isGivenUp else { throw error }
            var error = error
            error.code = .deadlineExceeded
            error.isPastDeadline = true
            throw error
        }
    }

    /// Waits that long for the server to end the call, whatever it still sends, and then cancels
    /// it.
    package mutating func end(within limit: Duration) async {
        let call = call
        let timer = Task {
            do { try await Task.sleep(for: limit) } catch { return }
            call.cancel()
        }
        defer { timer.cancel() }
        do { while try await next() != nil {} } catch {
            // The rest of the call does not matter.
        }
    }
}

private final class StreamCall: ClientCall, @unchecked Sendable {
    /// The progress of the next message.
    private enum Receipt {
        case notAsked, awaited
        /// The message has arrived, or the end of the messages.
        case arrived
    }

    private struct State {
        var receipt = Receipt.notAsked
        var isGivenUp = false
        var waiter: UnsafeContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// True if the call was cancelled because the server was silent.
    var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

    func giveUp() {
        state.withLock { $0.isGivenUp = true }
        cancel()
    }

    /// Sends everything there is to send. Does not wait for that to finish, nor for the server's
    /// headers, which may arrive only with its first message.
    func start(waitForReady: Bool) throws(GRPCError) {
        let error = channel.queue.start(Unawaited(call: self)) { tag in
            Batch.start(on: raw, tag) { batch in
                batch.sendInitialMetadata(waitForReady: waitForReady)
                batch.sendMessage(memory.pointee.request)
                batch.sendClose()
                batch.receiveInitialMetadata(memory.pointer(to: \.initialMetadata)!)
            }
        }
        if error != GRPC_CALL_OK { throw GRPCError(error) }
    }

    /// Returns the next message, or nil if there are no more, for whatever reason.
    func message() async throws(GRPCError) -> [UInt8]? {
        try ask()
        await withUnsafeContinuation { waiter in
            let hasArrived = state.withLock { state in
                if state.receipt == .arrived { return true }
                state.waiter = waiter
                return false
            }
            if hasArrived { waiter.resume() }
        }
        return take()
    }

    /// Returns the next message if it has arrived; nil if it has not, or if there are no more.
    func messageIfReady() throws(GRPCError) -> [UInt8]? {
        try ask()
        channel.queue.takeNote()
        // The end is left for the next wait to find.
        guard state.withLock({ $0.receipt == .arrived }), memory.pointee.reply != nil else {
            return nil
        }
        return take()
    }

    private func ask() throws(GRPCError) {
        let mustAsk = state.withLock { state in
            defer { if state.receipt == .notAsked { state.receipt = .awaited } }
            return state.receipt == .notAsked
        }
        guard mustAsk else { return }
        let error = channel.queue.start(self) { tag in
            Batch.start(on: raw, tag) { $0.receiveMessage(memory.pointer(to: \.reply)!) }
        }
        if error != GRPC_CALL_OK {
            state.withLock { $0.receipt = .notAsked }
            throw GRPCError(error)
        }
    }

    private func take() -> [UInt8]? {
        state.withLock { $0.receipt = .notAsked }
        guard let reply = memory.pointee.reply else { return nil }
        memory.pointee.reply = nil
        defer { grpc_byte_buffer_destroy(reply) }
        return [UInt8](reply)
    }

    override func finished(succeeded: Bool) {
        let (isMessage, waiter) = state.withLock { state in
            guard state.receipt == .awaited else { return (false, state.waiter.take()) }
            state.receipt = .arrived
            return (true, state.waiter.take())
        }
        if isMessage { waiter?.resume() } else { super.finished(succeeded: succeeded) }
    }

    /// Waits for the end of the call. Returns the error with which it failed, or nil if it ended
    /// with OK.
    func end() async throws(GRPCError) -> GRPCError? {
        try await perform { $0.receiveStatus(memory) }
        return failure
    }

    /// A batch whose result does not matter. It keeps its call alive.
    private final class Unawaited: Operation, @unchecked Sendable {
        private let call: StreamCall

        init(call: StreamCall) {
            self.call = call
        }
    }
}
