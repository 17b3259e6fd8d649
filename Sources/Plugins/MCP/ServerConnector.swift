internal import JSON

/// Starts or reaches a server and opens a session with it, in the way that the server speaks.
struct ServerConnector: Sendable {
    let target: Server.Target

    /// The longest to wait for each answer until the session is open.
    let timeout: Duration
    let events: Events

    /// A way over HTTP.
    enum Transport: Sendable { case streamable, eventStream }

    struct Connection: Sendable {
        let session: ServerSession

        /// Nil for a program.
        var transport: Transport?

        /// True if the server tells of other tools on another way than that of its answers.
        let announcesChangesApart: Bool
    }

    /// The longest time to wait for a stream of events to begin.
    private static let longestStreamStart = Duration.seconds(10)

    /// The longest time to wait for an answer that an old server need not give.
    private static let longestProbe = Duration.seconds(5)

    /// - Parameters:
    ///   - revision: The one to speak; nil for the server's.
    ///   - known: The way that has worked before.
    func connect(in revision: Revision?, over known: Transport?) async throws -> Connection {
        let address: Address
        switch target {
        case .program(let program):
            return try await open(try await PipeLink.open(program, events: events), in: revision)
        case .address(let found): address = found
        }
        let isOlderFirst = revision == .november2024 || address.looksLikeEventStream
        let transports: [Transport] =
            if let known {
                [known]
            } else {
                isOlderFirst ? [.eventStream, .streamable] : [.streamable, .eventStream]
            }
        var first: (any Error)?
        for transport in transports {
            do {
                var connection = try await open(address, over: transport, in: revision)
                connection.transport = transport
                return connection
            } catch
                where first == nil && transports.count > 1 && maySpeakOther(error, than: transport)
            {
                first = error
            } catch {
                // The error of the expected transport says more.
                throw first is OlderTransport ? error : first ?? error
            }
        }
        preconditionFailure("the loop returns or throws with the last transport")
    }

    private func open(
        _ address: Address, over transport: Transport, in revision: Revision?
    ) async throws -> Connection {
        switch transport {
        case .streamable:
            return try await open(HTTPLink(address, events: events), in: revision)
        case .eventStream:
            let link = try await EventStreamLink.open(
                address, events: events, timeout: min(timeout, Self.longestStreamStart))
            return try await open(link, in: revision, isOlder: true)
        }
    }

    /// True for an error that a server of the other transport may give.
    private func maySpeakOther(_ error: any Error, than transport: Transport) -> Bool {
        if error is OlderTransport { return true }
        switch error as? MCPError {
        case .rejected(let status, _):
            return (400..<500).contains(status) && ![401, 403, 407, 429].contains(status)
        case .misbehaved: return true
        // A server that is silent after a message has been given enough time.
        case .timedOut: return transport == .eventStream
        case .unreachable, .ended, .sessionLost, .refused, .misused, nil: return false
        }
    }

    private func open(
        _ link: any Link, in revision: Revision?, isOlder: Bool = false
    ) async throws -> Connection {
        do {
            let session = try await ServerSession.open(
                link, in: revision, timeout: timeout,
                probeTimeout: isOlder ? nil : min(timeout, Self.longestProbe))
            events.log(
                .debug,
                "speaks revision \(session.revision.rawValue)"
                    + (isOlder ? ", over a stream of events" : ""))
            return Connection(
                session: session,
                announcesChangesApart: link is HTTPLink
                    && session.capabilities["tools"]?["listChanged"]?.bool == true)
        } catch {
            await link.close()
            throw error
        }
    }
}
