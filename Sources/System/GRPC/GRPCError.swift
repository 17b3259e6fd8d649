import CGRPC

/// A call that ended with a status other than OK, or that could not be started.
package struct GRPCError: Error, Sendable, Equatable {
    /// The [status codes](https://grpc.io/docs/guides/status-codes/), numbered as on the wire.
    package enum Code: Int, Sendable, CaseIterable {
        case ok, cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists
        case permissionDenied, resourceExhausted, failedPrecondition, aborted, outOfRange
        case unimplemented, `internal`, unavailable, dataLoss, unauthenticated
    }

    package var code: Code
    package var message: String

    /// The metadata that the server sent after the last message, in the order received.
    package var trailingMetadata: [Metadata]

    /// True if the caller's own deadline had passed: if false, a DEADLINE_EXCEEDED comes from the
    /// server.
    package var isPastDeadline = false

    package init(_ code: Code, _ message: String, trailingMetadata: [Metadata] = []) {
        self.code = code
        self.message = message
        self.trailingMetadata = trailingMetadata
    }

    package init(code: Code, message: String, trailingMetadata: [Metadata] = []) {
        self.init(code, message, trailingMetadata: trailingMetadata)
    }

    /// Core refused a batch. Unless its queue is shutting down, that is a bug in the caller.
    init(_ error: grpc_call_error) {
        if error == GRPC_CALL_ERROR {
            self.init(.cancelled, "the completion queue is shut down")
        } else {
            self.init(.internal, String(cString: grpc_call_error_to_string(error)))
        }
    }
}

extension GRPCError: CustomStringConvertible {
    package var description: String {
        message.isEmpty ? code.description : "\(message) (\(code))"
    }
}

extension GRPCError.Code: CustomStringConvertible {
    /// The name that gRPC's own documents use.
    package var description: String {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internal: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }
}
