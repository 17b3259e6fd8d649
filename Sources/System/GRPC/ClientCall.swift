import CGRPC

/// A call in flight, and the one task that waits for it.
///
/// Core has only one awaited batch of the call at any time, so the call is itself the operation.
class ClientCall: Operation, @unchecked Sendable {
    let channel: Channel
    let raw: OpaquePointer
    let memory: UnsafeMutablePointer<Memory>
    private let entry: CallTable.Entry
    private let deadline: gpr_timespec
    private var waiter: UnsafeContinuation<grpc_call_error, Never>?

    /// The memory from which core sends and into which it receives.
    struct Memory {
        var request: UnsafeMutablePointer<grpc_byte_buffer>
        var reply: UnsafeMutablePointer<grpc_byte_buffer>?
        var initialMetadata = grpc_metadata_array()
        var trailingMetadata = grpc_metadata_array()
        var status = GRPC_STATUS_UNKNOWN
        var details = grpc_empty_slice()
    }

    init(
        _ channel: Channel, _ method: String, _ request: [UInt8], timeout: Duration?
    ) throws(GRPCError) {
        self.channel = channel
        deadline = gpr_timespec(deadlineAfter: timeout)
        entry = try channel.makeCall(method, deadline: deadline)
        raw = entry.call
        // This memory lives exactly as long as core's call, and does not need malloc.
        memory = grpc_call_arena_alloc(raw, MemoryLayout<Memory>.size)
            .bindMemory(to: Memory.self, capacity: 1)
        memory.initialize(to: Memory(request: makeMessage(request)))
    }

    deinit {
        grpc_byte_buffer_destroy(memory.pointee.request)
        grpc_byte_buffer_destroy(memory.pointee.reply)
        grpc_metadata_array_destroy(memory.pointer(to: \.initialMetadata)!)
        grpc_metadata_array_destroy(memory.pointer(to: \.trailingMetadata)!)
        grpc_slice_unref(memory.pointee.details)
        channel.forget(entry)
        grpc_call_unref(raw)
    }

    /// Starts a batch and suspends until core has finished with it, which it
    /// does soon after the call is cancelled.
    func perform(_ fill: (inout Batch) -> Void) async throws(GRPCError) {
        let error = await withUnsafeContinuation { waiter in
            // Core may finish before `start` returns.
            self.waiter = waiter
            let error = channel.queue.start(self) { Batch.start(on: raw, $0, fill) }
            if error != GRPC_CALL_OK { waiter.resume(returning: error) }
        }
        if error != GRPC_CALL_OK { throw GRPCError(error) }
    }

    override func finished(succeeded: Bool) {
        let waiter = self.waiter
        self.waiter = nil
        waiter?.resume(returning: GRPC_CALL_OK)
    }

    /// Has no effect on a call that has ended.
    func cancel() {
        _ = grpc_call_cancel(raw, nil)
    }

    /// The error with which the call failed, once its status has been received; nil if it
    /// succeeded.
    var failure: GRPCError? {
        let status = memory.pointee.status
        guard status != GRPC_STATUS_OK else { return nil }
        var error = GRPCError(
            GRPCError.Code(rawValue: Int(status.rawValue)) ?? .unknown,
            String(memory.pointee.details),
            trailingMetadata: [Metadata](memory.pointee.trailingMetadata))
        error.isPastDeadline = error.code == .deadlineExceeded && deadline.isPast
        return error
    }
}
