import CGRPC
import Synchronization

/// A call to the server: first expected, then handled, then answered.
///
/// It is itself the operation for its arrival and for everything it sends. Core does these one at a
/// time.
final class ServerCall: Operation, @unchecked Sendable {
    let handler: Handler
    private let server: Server
    private let method: UnsafeMutableRawPointer
    private let memory: UnsafeMutablePointer<Memory>

    // Only the queue's thread touches these two.
    private var hasArrived = false
    private var task: Task<Void, Never>?

    // Set by the code that starts a batch before it starts, read when it has finished.
    private var waiter: UnsafeContinuation<Bool, Never>?

    private let state = Mutex(State())

    private struct State {
        /// True while core has a batch that sends.
        var isSending = false

        /// True once the headers are on their way. They precede whatever is sent first.
        var hasHeaders = false

        /// True if core will report the end of the call, as it must before the call is unreffed.
        var isWatched = false

        /// True once the status is on its way.
        var isOver = false
    }

    /// The memory into which core writes the details of the call and from which it sends.
    private struct Memory {
        var call: OpaquePointer?
        var deadline = gpr_timespec()
        var metadata = grpc_metadata_array()
        var request: UnsafeMutablePointer<grpc_byte_buffer>?
        var reply: UnsafeMutablePointer<grpc_byte_buffer>?
        var wasCancelled: Int32 = 0
    }

    /// - Parameter method: The value that core returned when the handler's method was registered.
    init(_ handler: Handler, _ method: UnsafeMutableRawPointer, server: Server) {
        self.handler = handler
        self.method = method
        self.server = server
        memory = .allocate(capacity: 1)
        memory.initialize(to: Memory())
    }

    deinit {
        if let call = memory.pointee.call { grpc_call_unref(call) }
        grpc_byte_buffer_destroy(memory.pointee.request)
        grpc_byte_buffer_destroy(memory.pointee.reply)
        grpc_metadata_array_destroy(memory.pointer(to: \.metadata)!)
        memory.deallocate()
    }

    /// Makes core fill in this call when the method is next called.
    func expect() {
        _ = server.queue.start(self) { tag in
            grpc_server_request_registered_call(
                server.raw, method, memory.pointer(to: \.call), memory.pointer(to: \.deadline),
                memory.pointer(to: \.metadata), memory.pointer(to: \.request),
                server.queue.raw, server.queue.raw, tag)
        }
    }

    override func finished(succeeded: Bool) {
        if hasArrived {
            let waiter = self.waiter
            self.waiter = nil
            waiter?.resume(returning: succeeded)
        } else if succeeded {
            hasArrived = true
            ServerCall(handler, method, server: server).expect()
            handle()
        }
        // If not, the server shut down before a client called.
    }

    /// The headers that the client sent.
    var metadata: [Metadata] { [Metadata](memory.pointee.metadata) }

    var connection: Connection {
        let context = grpc_call_auth_context(memory.pointee.call)
        // The connection has its own reference, as long as it lives.
        defer { grpc_auth_context_release(context) }
        return Connection(address: UInt(bitPattern: context))
    }
}

// Handling.
extension ServerCall {
    private func handle() {
        server.callBegan()
        switch handler.place {
        case .onPool:
            watch()
            task = Task.detached { await self.run() }
        case .onQueue:
            // Runs at once until it first has to wait. Most handlers do not wait, and then there is
            // nothing left to cancel.
            task = Task.immediate(executorPreference: server.queue) { await self.run() }
            watch()
        }
    }

    private func run() async {
        defer { server.callEnded() }
        guard let message = memory.pointee.request else {
            return end(GRPCError(.internal, "the call has no message"))
        }
        let request = [UInt8](message)
        do {
            switch handler.body {
            case .unary(let body):
                end(nil, try await body(request, CallContext(call: self)))
            case .serverStreaming(let body):
                try await body(request, StreamWriter(call: self), CallContext(call: self))
                end(nil)
            }
        } catch let error as GRPCError where error.code != .ok {
            end(error)
        } catch is CancellationError {
            end(GRPCError(.cancelled, "the call was cancelled"))
        } catch {
            end(GRPCError(.unknown, String(describing: error)))
        }
    }

    /// Makes sure that the task is cancelled when the client goes away or the deadline passes.
    private func watch() {
        let isWatched = state.withLock { state in
            defer { state.isWatched = true }
            return state.isWatched
        }
        guard !isWatched else { return }
        start(Watch(call: self)) { $0.receiveClose(memory.pointer(to: \.wasCancelled)!) }
    }

    private final class Watch: Operation, @unchecked Sendable {
        private let call: ServerCall

        init(call: ServerCall) {
            self.call = call
        }

        override func finished(succeeded: Bool) {
            if call.memory.pointee.wasCancelled != 0 { call.task?.cancel() }
        }
    }
}

// Sending.
extension ServerCall {
    /// Suspends until the message is sent or is in core's small buffer of unsent data.
    func send(_ message: [UInt8]) async throws(GRPCError) {
        let needsHeaders = state.withLock { state -> Bool? in
            guard !state.isSending, !state.isOver else { return nil }
            state.isSending = true
            defer { state.hasHeaders = true }
            return !state.hasHeaders
        }
        guard let needsHeaders else {
            throw GRPCError(.internal, "a message was sent before the last one, or after the end")
        }
        let wasSent = await withTaskCancellationHandler {
            await withUnsafeContinuation { waiter in
                self.waiter = waiter
                setReply(message)
                let error = start(self) { batch in
                    if needsHeaders { batch.sendInitialMetadata() }
                    batch.sendMessage(memory.pointee.reply!)
                }
                if error != GRPC_CALL_OK { waiter.resume(returning: false) }
            }
        } onCancel: {
            cancel(.cancelled, "the call was cancelled")
        }
        state.withLock { $0.isSending = false }
        if !wasSent { throw GRPCError(.cancelled, "the client has gone") }
    }

    /// Sends the status, after `message` if there is one. Does not wait for that.
    private func end(_ error: GRPCError?, _ message: [UInt8]? = nil) {
        let state = self.state.withLock { state in
            let before = state
            state.isOver = true
            if !state.isSending { state.isWatched = true }
            return before
        }
        // A task kept the writer and is still sending. Core does one thing at a time.
        if state.isSending { return cancel(.internal, "the handler ended while it was sending") }
        if let message { setReply(message) }
        var error = error
        if let given = error, !given.trailingMetadata.allSatisfy(\.isLegal) {
            error = GRPCError(.internal, "the handler's trailing metadata cannot be sent")
        }
        (error?.trailingMetadata ?? []).withRaw { metadata in
            var details = grpc_slice(copying: error?.message ?? "")
            defer { grpc_slice_unref(details) }
            start(self) { batch in
                if !state.hasHeaders { batch.sendInitialMetadata() }
                if message != nil { batch.sendMessage(memory.pointee.reply!) }
                batch.sendStatus(error?.code ?? .ok, &details, metadata)
                if !state.isWatched { batch.receiveClose(memory.pointer(to: \.wasCancelled)!) }
            }
        }
    }

    private func cancel(_ code: GRPCError.Code, _ reason: String) {
        grpc_call_cancel_with_status(
            memory.pointee.call, grpc_status_code(Int32(code.rawValue)), reason, nil)
    }

    private func setReply(_ message: [UInt8]) {
        grpc_byte_buffer_destroy(memory.pointee.reply)
        memory.pointee.reply = makeMessage(message)
    }

    @discardableResult
    private func start(_ operation: Operation, _ fill: (inout Batch) -> Void) -> grpc_call_error {
        server.queue.start(operation) { tag in
            Batch.start(on: memory.pointee.call!, tag, fill)
        }
    }
}
