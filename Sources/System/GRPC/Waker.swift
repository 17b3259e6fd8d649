import CGRPC

/// Makes `grpc_completion_queue_next` return, from any thread.
///
/// Core does not have a public function for that. It does promise that an empty batch completes at
/// once, so the waker keeps a call that is never sent.
struct Waker: @unchecked Sendable {
    private let channel: OpaquePointer
    private let call: OpaquePointer

    init(queue: OpaquePointer) {
        channel = grpc_lame_client_channel_create("", GRPC_STATUS_UNAVAILABLE, "")
        let path = grpc_slice_from_static_string("/")
        call = grpc_channel_create_call(
            channel, nil, hector_propagate_defaults(), queue, path, nil,
            gpr_inf_future(GPR_CLOCK_REALTIME), nil)
    }

    /// Has to be called once, after all other uses.
    func destroy() {
        grpc_call_unref(call)
        grpc_channel_destroy(channel)
    }

    func wake() {
        _ = grpc_call_start_batch(call, nil, 0, nil, nil)
    }
}
