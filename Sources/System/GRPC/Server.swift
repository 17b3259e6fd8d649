import CGRPC
import Synchronization
import Waiting

/// A gRPC server on one address. It must be shut down before it is released.
final class Server: QueueUser {
    // Core locks its own servers, and the pointer never changes.
    nonisolated(unsafe) let raw: OpaquePointer
    let queue: CompletionQueue

    private let state = Mutex(State())

    /// Set once it is closed and no call is being handled.
    private let over = Latch<Void>()

    private struct State {
        var isClosing = false
        var isClosed = false
        var callsBeingHandled = 0

        var isOver: Bool { isClosed && callsBeingHandled == 0 }
    }

    /// The number of calls of one method that may arrive between two looks at the queue before core
    /// has to put any of them aside.
    private static let callsExpected = 64

    init(queue: CompletionQueue) {
        self.queue = queue
        var arguments = Arguments()
        // Another process on the same port is a mistake and has to be reported.
        arguments.set(GRPC_ARG_ALLOW_REUSEPORT, 0)
        // Clients may ping as often as they like.
        arguments.set(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0)
        raw = arguments.withRaw { grpc_server_create($0, nil) }
        grpc_server_register_completion_queue(raw, queue.raw, nil)
    }

    deinit { grpc_server_destroy(raw) }

    /// - Returns: The port, or 1 for a Unix socket.
    func start(
        _ address: Address, _ security: Security, _ handlers: [Handler]
    ) throws(GRPCError) -> Int {
        guard queue.add(self) else { throw GRPCError(GRPC_CALL_ERROR) }
        if let problem = address.problem { throw GRPCError(.invalidArgument, problem) }
        guard let credentials = security.makeServerCredentials() else {
            throw GRPCError(.invalidArgument, "cannot use the certificates given")
        }
        defer { grpc_server_credentials_release(credentials) }
        let methods = handlers.map { handler in
            grpc_server_register_method(
                raw, handler.method, nil, GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0)
        }
        if let twice = methods.firstIndex(of: nil) {
            throw GRPCError(
                .invalidArgument, "'\(handlers[twice].method)' has two handlers, or no name")
        }
        let port = grpc_server_add_http2_port(raw, address.listeningTarget, credentials)
        guard port != 0 else { throw GRPCError(.unavailable, "cannot listen on '\(address)'") }
        grpc_server_start(raw)
        for case let (handler, method?) in zip(handlers, methods) {
            for _ in 0..<Self.callsExpected {
                ServerCall(handler, method, server: self).expect()
            }
        }
        UnknownCall(server: self).expect()
        return Int(port)
    }

    func callBegan() {
        state.withLock { $0.callsBeingHandled += 1 }
    }

    func callEnded() {
        change { $0.callsBeingHandled -= 1 }
    }
}

// Shutting down.
extension Server {
    /// Shuts the server down and returns when every handler has returned. Calls that are not over
    /// when `grace` has passed, or when the task is cancelled, are cancelled.
    func shutDown(grace: Duration) async {
        beginShutdown()
        if grace > .zero {
            await withTaskGroup { group in
                group.addTask { await self.over.waitRegardless() }
                group.addTask { try? await Task.sleep(for: grace) }
                await group.next()
                grpc_server_cancel_all_calls(self.raw)
                group.cancelAll()
            }
        } else {
            grpc_server_cancel_all_calls(raw)
            await over.waitRegardless()
        }
    }

    func close() {
        beginShutdown()
        grpc_server_cancel_all_calls(raw)
    }

    /// Refuses new calls and connections.
    private func beginShutdown() {
        let wasClosing = state.withLock { state in
            defer { state.isClosing = true }
            return state.isClosing
        }
        if wasClosing { return }
        let error = queue.start(Closing(server: self)) { tag in
            grpc_server_shutdown_and_notify(raw, queue.raw, tag)
            return GRPC_CALL_OK
        }
        // The queue was shut down before the server was started.
        if error != GRPC_CALL_OK { change { $0.isClosed = true } }
    }

    private func change(_ change: (inout State) -> Void) {
        let isOver = state.withLock { state in
            change(&state)
            return state.isOver
        }
        if isOver { over.set() }
    }

    private final class Closing: Operation, @unchecked Sendable {
        private let server: Server

        init(server: Server) {
            self.server = server
        }

        override func finished(succeeded: Bool) {
            server.change { $0.isClosed = true }
        }
    }
}
