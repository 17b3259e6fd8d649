import CGRPC

/// A call of a method that the server does not have. It is answered with UNIMPLEMENTED.
final class UnknownCall: Operation, @unchecked Sendable {
    private let server: Server
    private let memory: UnsafeMutablePointer<Memory>
    private var hasArrived = false

    private struct Memory {
        var call: OpaquePointer?
        var details = grpc_call_details()
        var metadata = grpc_metadata_array()
        var wasCancelled: Int32 = 0
    }

    init(server: Server) {
        self.server = server
        memory = .allocate(capacity: 1)
        memory.initialize(to: Memory())
        grpc_call_details_init(memory.pointer(to: \.details)!)
    }

    deinit {
        if let call = memory.pointee.call { grpc_call_unref(call) }
        grpc_call_details_destroy(memory.pointer(to: \.details)!)
        grpc_metadata_array_destroy(memory.pointer(to: \.metadata)!)
        memory.deallocate()
    }

    /// Makes core fill in the call when there is one.
    func expect() {
        _ = server.queue.start(self) { tag in
            grpc_server_request_call(
                server.raw, memory.pointer(to: \.call), memory.pointer(to: \.details),
                memory.pointer(to: \.metadata), server.queue.raw, server.queue.raw, tag)
        }
    }

    override func finished(succeeded: Bool) {
        guard succeeded, !hasArrived, let call = memory.pointee.call else { return }
        hasArrived = true
        UnknownCall(server: server).expect()
        let method = String(memory.pointee.details.method)
        var details = grpc_slice(copying: "unknown method '\(method)'")
        defer { grpc_slice_unref(details) }
        _ = server.queue.start(self) { tag in
            Batch.start(on: call, tag) { batch in
                batch.sendInitialMetadata()
                batch.sendStatus(.unimplemented, &details, .init(start: nil, count: 0))
                batch.receiveClose(memory.pointer(to: \.wasCancelled)!)
            }
        }
    }
}
