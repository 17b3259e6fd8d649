import CGRPC

/// Operations that core does together and reports on once. By then it has written what they receive
/// to the given pointers.
struct Batch: ~Copyable {
    private let operations: UnsafeMutableBufferPointer<grpc_op>
    private var count = 0

    private init(_ operations: UnsafeMutableBufferPointer<grpc_op>) {
        self.operations = operations
    }

    /// Starts the batch that `fill` describes. Only one thread at a time may do that for a call.
    static func start(
        on call: OpaquePointer, _ tag: UnsafeMutableRawPointer, _ fill: (inout Batch) -> Void
    ) -> grpc_call_error {
        // There are six kinds of operations for a client and five for a server,
        // each at most once; core copies them.
        withUnsafeTemporaryAllocation(of: grpc_op.self, capacity: 6) { operations in
            var batch = Batch(operations)
            fill(&batch)
            return grpc_call_start_batch(call, operations.baseAddress, batch.count, tag, nil)
        }
    }

    private mutating func add(_ kind: grpc_op_type) -> UnsafeMutablePointer<grpc_op> {
        let operation = operations.baseAddress! + count
        operation.initialize(to: grpc_op())
        operation.pointee.op = kind
        count += 1
        return operation
    }

    mutating func sendInitialMetadata(waitForReady: Bool = false) {
        let operation = add(GRPC_OP_SEND_INITIAL_METADATA)
        if waitForReady {
            operation.pointee.flags =
                GRPC_INITIAL_METADATA_WAIT_FOR_READY
                | GRPC_INITIAL_METADATA_WAIT_FOR_READY_EXPLICITLY_SET
        }
    }

    /// Adds the sending of a message. Core empties the message; the caller still destroys it, after
    /// the batch.
    mutating func sendMessage(_ message: UnsafeMutablePointer<grpc_byte_buffer>) {
        add(GRPC_OP_SEND_MESSAGE).pointee.data.send_message.send_message = message
    }

    mutating func sendClose() {
        _ = add(GRPC_OP_SEND_CLOSE_FROM_CLIENT)
    }

    mutating func sendStatus(
        _ code: GRPCError.Code, _ details: UnsafeMutablePointer<grpc_slice>,
        _ trailingMetadata: UnsafeMutableBufferPointer<grpc_metadata>
    ) {
        add(GRPC_OP_SEND_STATUS_FROM_SERVER).pointee.data.send_status_from_server = .init(
            trailing_metadata_count: trailingMetadata.count,
            trailing_metadata: trailingMetadata.baseAddress,
            status: grpc_status_code(Int32(code.rawValue)),
            status_details: details)
    }

    mutating func receiveInitialMetadata(_ metadata: UnsafeMutablePointer<grpc_metadata_array>) {
        add(GRPC_OP_RECV_INITIAL_METADATA)
            .pointee.data.recv_initial_metadata.recv_initial_metadata = metadata
    }

    /// Adds the receipt of a message. The pointer will hold nil if there are no more messages.
    mutating func receiveMessage(
        _ message: UnsafeMutablePointer<UnsafeMutablePointer<grpc_byte_buffer>?>
    ) {
        add(GRPC_OP_RECV_MESSAGE).pointee.data.recv_message.recv_message = message
    }

    mutating func receiveStatus(_ memory: UnsafeMutablePointer<ClientCall.Memory>) {
        add(GRPC_OP_RECV_STATUS_ON_CLIENT).pointee.data.recv_status_on_client = .init(
            trailing_metadata: memory.pointer(to: \.trailingMetadata),
            status: memory.pointer(to: \.status),
            status_details: memory.pointer(to: \.details),
            error_string: nil)
    }

    /// Adds an operation that finishes when the call is over. The pointer will hold 0 if the client
    /// has, or could have, received its status.
    mutating func receiveClose(_ wasCancelled: UnsafeMutablePointer<Int32>) {
        add(GRPC_OP_RECV_CLOSE_ON_SERVER).pointee.data.recv_close_on_server.cancelled = wasCancelled
    }
}
