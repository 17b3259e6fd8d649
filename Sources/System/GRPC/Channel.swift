import CGRPC
import Synchronization

/// A connection to one server, made when first needed and again when lost.
package final class Channel: QueueUser {
    let queue: CompletionQueue

    /// The channel and the calls in flight on it. Core crashes when a call is created on a channel
    /// that is destroyed, so both happen under this lock.
    private let state: Mutex<State>

    private struct State: @unchecked Sendable {
        var raw: OpaquePointer?
        var calls = CallTable()
    }

    /// Makes a channel. This never fails: with an unusable address every call ends with
    /// UNAVAILABLE.
    package init(to address: Address, security: Security = .insecure, queue: CompletionQueue) {
        self.queue = queue
        state = Mutex(State(raw: Self.makeRaw(address, security)))
        if !queue.add(self) { close() }
    }

    /// Makes a channel over a connection that exists, which is not made again when it is lost.
    ///
    /// - Parameter descriptor: A connected Unix socket that does not block. It is the channel's from
    ///   now on.
    package init(takingOwnershipOf descriptor: Int32, queue: CompletionQueue) {
        self.queue = queue
        let credentials = grpc_insecure_credentials_create()
        defer { grpc_channel_credentials_release(credentials) }
        var arguments = Arguments()
        arguments.set(GRPC_ARG_ENABLE_RETRIES, 0)
        arguments.set(GRPC_ARG_DEFAULT_AUTHORITY, "localhost")
        let raw = arguments.withRaw {
            grpc_channel_create_from_fd("localhost", descriptor, credentials, $0)
        }
        state = Mutex(State(raw: raw))
        if !queue.add(self) { close() }
    }

    deinit {
        // A call keeps its channel, so no call is in flight here.
        if let raw = state.withLock({ $0.raw }) { grpc_channel_destroy(raw) }
    }

    /// Cancels the calls in flight and refuses later ones, both with CANCELLED.
    package func close() {
        state.withLock { state in
            guard let raw = state.raw else { return }
            state.raw = nil
            state.calls.cancel(because: Self.isClosed.message)
            grpc_channel_destroy(raw)
        }
    }

    /// True if there is a connection and the server has sent HTTP/2 on it.
    package var isConnected: Bool {
        state.withLock { state in
            state.raw.map { grpc_channel_check_connectivity_state($0, 0) == GRPC_CHANNEL_READY }
                ?? false
        }
    }

    static let isClosed = GRPCError(.cancelled, "the channel is closed")

    private static func makeRaw(_ address: Address, _ security: Security) -> OpaquePointer {
        if let problem = address.problem {
            return grpc_lame_client_channel_create(nil, GRPC_STATUS_UNAVAILABLE, problem)
        }
        guard let credentials = security.makeChannelCredentials() else {
            return grpc_lame_client_channel_create(
                nil, GRPC_STATUS_UNAVAILABLE, "cannot use the certificates given")
        }
        defer { grpc_channel_credentials_release(credentials) }
        var arguments = Arguments()
        arguments.set(GRPC_ARG_ENABLE_RETRIES, 0)
        arguments.set(GRPC_ARG_ENABLE_HTTP_PROXY, 0)
        arguments.set(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1)
        arguments.set(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1)
        arguments.set(GRPC_ARG_CLIENT_IDLE_TIMEOUT_MS, .max)
        // Core does not accept less than 100 ms for the first of these.
        arguments.set(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100)
        arguments.set(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000)
        arguments.set(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1000)
        switch (address, security) {
        case (_, .mutualTLS(_, _, _, let serverName)):
            arguments.set(GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, serverName)
            arguments.set(GRPC_ARG_DEFAULT_AUTHORITY, serverName)
        case (.unix, .insecure):
            // Strict servers would refuse the escaped path of the socket.
            arguments.set(GRPC_ARG_DEFAULT_AUTHORITY, "localhost")
        case (.tcp, .insecure):
            break
        }
        return arguments.withRaw { grpc_channel_create(address.target, credentials, $0) }
    }
}

extension Channel {
    /// Makes a call that has not begun. The channel keeps it until `forget`.
    func makeCall(_ method: String, deadline: gpr_timespec) throws(GRPCError) -> CallTable.Entry {
        let method = grpc_slice(copying: method)
        defer { grpc_slice_unref(method) }
        let entry = state.withLock { state -> CallTable.Entry? in
            guard let raw = state.raw else { return nil }
            return state.calls.add(
                grpc_channel_create_call(
                    raw, nil, hector_propagate_defaults(), queue.raw, method, nil, deadline, nil))
        }
        guard let entry else { throw Self.isClosed }
        return entry
    }

    func forget(_ entry: CallTable.Entry) {
        state.withLock { $0.calls.remove(entry) }
    }
}
