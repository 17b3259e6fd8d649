/// The code that a server runs when one method is called.
package struct Handler: Sendable {
    /// The place where a handler runs.
    package enum Place: Sendable {
        /// On Swift's pool: handlers run in parallel, and one that computes or blocks delays only
        /// other handlers there.
        case onPool

        /// On the queue's thread, where the request arrives. This is cheaper, and right for
        /// handlers that neither compute for long nor block.
        case onQueue
    }

    enum Body {
        case unary(@Sendable ([UInt8], CallContext) async throws -> [UInt8])
        case serverStreaming(@Sendable ([UInt8], StreamWriter, CallContext) async throws -> Void)
    }

    package let method: String
    let place: Place
    let body: Body

    /// Makes a handler for a method that answers one message with one message.
    ///
    /// A `GRPCError` that `body` throws becomes the call's status and trailing
    /// metadata; any other error becomes UNKNOWN with its description. When the
    /// client goes away or its deadline passes, the task of `body` is cancelled.
    ///
    /// - Parameter method: The full path, as in `/grpc.health.v1.Health/Check`.
    package static func unary(
        _ method: String, executes place: Place = .onPool,
        _ body: @escaping @Sendable (_ request: [UInt8], CallContext) async throws -> [UInt8]
    ) -> Handler {
        Handler(method: method, place: place, body: .unary(body))
    }

    /// Makes a handler for a method that answers one message with any number of messages and ends
    /// when `body` returns. Errors and cancellation are as for a unary method.
    ///
    /// - Parameter method: The full path, as in `/grpc.health.v1.Health/Watch`.
    package static func serverStreaming(
        _ method: String, executes place: Place = .onPool,
        _ body:
            @escaping @Sendable (_ request: [UInt8], StreamWriter, CallContext) async throws
            -> Void
    ) -> Handler {
        Handler(method: method, place: place, body: .serverStreaming(body))
    }
}

/// The facts about a call, other than its message, that a handler can see.
package struct CallContext: Sendable {
    let call: ServerCall

    /// The full path that was called.
    package var method: String { call.handler.method }

    /// The headers that the client sent.
    package var metadata: [Metadata] { call.metadata }

    /// The connection over which the call came.
    package var connection: Connection { call.connection }
}

/// A connection of a client, which is equal for all its calls.
///
/// A peer's address cannot tell connections apart: it is the same for all clients of a Unix socket.
/// A connection that was made after another one has ended may be equal to that one.
package struct Connection: Hashable, Sendable {
    // The address of core's security context, of which each connection has its own.
    let address: UInt
}

/// The client's end of a stream of replies.
package struct StreamWriter: Sendable {
    let call: ServerCall

    /// Sends one message, after waiting until the client has room for it.
    ///
    /// Only one message can be sent at a time: it is an error to send before the last `send` has
    /// returned, or after the handler has returned.
    ///
    /// - Throws: CANCELLED once the client has gone.
    package func send(_ message: [UInt8]) async throws(GRPCError) {
        try await call.send(message)
    }
}
