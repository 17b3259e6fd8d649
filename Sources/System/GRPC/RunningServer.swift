/// Runs `body` while a server listens on `address`.
///
/// When this function returns, the server no longer listens and every handler has returned. Calls
/// that are still in flight when `body` leaves are cancelled: to let them finish, end `body` with
/// `shutDown(grace:)`.
///
/// - Parameters:
///   - address: An existing socket is replaced; any other file is not.
///   - security: The protection of connections. With `.mutualTLS` a client has to show a trusted
///     certificate; `serverName` is not used.
///   - handlers: One for each method. Calls of other methods are answered with UNIMPLEMENTED.
/// - Throws: The errors of `body`; UNAVAILABLE if the server cannot listen on `address`;
///   INVALID_ARGUMENT if the arguments make no sense.
package func withServer<R: Sendable>(
    on address: Address, security: Security = .insecure, handlers: [Handler],
    queue: CompletionQueue, _ body: (RunningServer) async throws -> R
) async throws -> R {
    let server = Server(queue: queue)
    do {
        let port = try server.start(address, security, handlers)
        let result = try await body(RunningServer(server: server, address: address, port: port))
        await server.shutDown(grace: .zero)
        return result
    } catch {
        await server.shutDown(grace: .zero)
        throw error
    }
}

/// A server that listens.
package struct RunningServer: Sendable {
    let server: Server

    /// The address for clients, with the actual port if 0 was asked for.
    package let address: Address

    init(server: Server, address: Address, port: Int) {
        self.server = server
        self.address =
            switch address {
            case .unix: address
            case .tcp(let host, _): .tcp(host: host, port: port)
            }
    }

    /// The TCP port; 0 on a Unix socket.
    package var port: Int {
        if case .tcp(_, let port) = address { port } else { 0 }
    }

    /// Refuses new calls, lets those in flight finish, and returns when all have. A handler that
    /// awaits this waits for itself, forever.
    ///
    /// - Parameter grace: The time after which the calls that are still in flight are cancelled.
    ///   They are also cancelled when the task is.
    package func shutDown(grace: Duration) async {
        await server.shutDown(grace: grace)
    }
}
