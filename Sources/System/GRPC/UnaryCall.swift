import CGRPC

extension Channel {
    /// Sends one message and waits for the one reply.
    ///
    /// Cancelling the task cancels the call, which then fails with CANCELLED.
    ///
    /// - Parameters:
    ///   - method: The full path, as in `/grpc.health.v1.Health/Check`.
    ///   - timeout: The longest time to wait, including connecting; nil for no limit.
    ///   - waitForReady: True to keep trying while no server listens, instead of failing with
    ///     UNAVAILABLE.
    package func unary(
        _ method: String, _ request: [UInt8], timeout: Duration? = nil, waitForReady: Bool = false
    ) async throws(GRPCError) -> [UInt8] {
        let call = try UnaryCall(self, method, request, timeout: timeout)
        let reply = await withTaskCancellationHandler {
            await call.reply(waitForReady: waitForReady)
        } onCancel: {
            call.cancel()
        }
        return try reply.get()
    }
}

private final class UnaryCall: ClientCall, @unchecked Sendable {
    /// Runs the whole call. All six operations are one batch, so core reports once, when the call
    /// is over.
    func reply(waitForReady: Bool) async -> Result<[UInt8], GRPCError> {
        do throws(GRPCError) {
            try await perform { batch in
                batch.sendInitialMetadata(waitForReady: waitForReady)
                batch.sendMessage(memory.pointee.request)
                batch.sendClose()
                batch.receiveInitialMetadata(memory.pointer(to: \.initialMetadata)!)
                batch.receiveMessage(memory.pointer(to: \.reply)!)
                batch.receiveStatus(memory)
            }
        } catch {
            return .failure(error)
        }
        if let failure { return .failure(failure) }
        guard let reply = memory.pointee.reply else {
            return .failure(GRPCError(.internal, "the server answered without a message"))
        }
        return .success([UInt8](reply))
    }
}
