internal import JSON

/// A conversation with a server, in a revision that both support.
struct ServerSession: Sendable {
    let link: any Link
    let revision: Revision

    /// The capabilities that the server declares.
    let capabilities: Value

    /// The description of this client.
    private static let client: Value = ["name": "hector", "version": "0.1.0"]

    /// Adds the members that a stateless server needs in every request, and sends it.
    func send(_ request: Request) async throws -> Value {
        try await Self.send(request, on: link, in: revision)
    }

    private static func send(
        _ request: Request, on link: any Link, in revision: Revision
    ) async throws -> Value {
        var request = request
        guard revision.isStateless else {
            request.headers = []
            return try await link.request(request)
        }
        request.params.append(
            "_meta",
            [
                "io.modelcontextprotocol/protocolVersion": .string(revision.rawValue),
                "io.modelcontextprotocol/clientInfo": client,
                "io.modelcontextprotocol/clientCapabilities": [:],
            ])
        request.headers.append(("MCP-Protocol-Version", revision.rawValue))
        request.headers.append(("Mcp-Method", request.method))
        return try await link.request(request)
    }
}

// The choice of the revision: 2026-07-28, "Backward Compatibility".
extension ServerSession {
    /// Opens a conversation in this revision or, if it is nil, in any that the server supports.
    ///
    /// - Parameters:
    ///   - timeout: The longest time to wait for each answer.
    ///   - probeTimeout: The longest time to wait for an answer that old servers need not give. Nil
    ///     for a link to such a server.
    static func open(
        _ link: any Link, in revision: Revision?, timeout: Duration, probeTimeout: Duration?
    ) async throws -> ServerSession {
        if let revision {
            return revision.isStateless
                ? try await discover(link, timeout: timeout)
                : try await initialize(link, in: revision, timeout: timeout)
        }
        if let probeTimeout {
            do {
                return try await discover(link, timeout: probeTimeout)
            } catch  where isOld(error) {}
        }
        var untried = [Revision.newestWithSession]
        var tried: [Revision] = []
        var refusal: MCPError?
        while let revision = untried.first {
            tried.append(revision)
            // The server accepted the probe, although its answer came too late, and has chosen this
            // revision.
            if revision.isStateless { return try await discover(link, timeout: timeout) }
            do {
                return try await initialize(link, in: revision, timeout: timeout)
            } catch let error as MCPError {
                guard let others = error.otherRevisions(than: revision) else { throw error }
                untried = others.filter { !tried.contains($0) }
                refusal = error
            }
        }
        throw refusal!
    }

    /// True if a failed probe means that the server may support `initialize` instead.
    ///
    /// Old servers have no answer in common by which they could be recognized: they send any error,
    /// or none.
    private static func isOld(_ error: any Error) -> Bool {
        switch error as? MCPError {
        case .timedOut, .misbehaved, .sessionLost: true
        case .rejected(let status, _): ![401, 403].contains(status) && status < 500
        case .refused(let error):
            if error.isUnsupportedRevision {
                Self.knowsSessions(error.supportedRevisions ?? [])
            } else {
                !error.isStateless
            }
        case .unreachable, .ended, .misused, nil: false
        }
    }

    private static func knowsSessions(_ revisions: [String]) -> Bool {
        revisions.contains { Revision(rawValue: $0)?.isStateless == false }
    }

    private static func discover(_ link: any Link, timeout: Duration) async throws -> ServerSession
    {
        let revision = Revision.newestStateless
        let request = Request(method: "server/discover", timeout: timeout, isCancellable: false)
        let result = try await send(request, on: link, in: revision)
        let supported = result["supportedVersions"]?.array?.compactMap(\.string) ?? []
        guard supported.contains(revision.rawValue) else {
            throw MCPError.misbehaved(
                "speaks \(list(supported)) of the protocol, not \(revision.rawValue)")
        }
        link.speak(revision)
        return ServerSession(
            link: link, revision: revision, capabilities: result["capabilities"] ?? [:])
    }

    private static func initialize(
        _ link: any Link, in revision: Revision, timeout: Duration
    ) async throws -> ServerSession {
        let result = try await link.request(
            Request(
                method: "initialize",
                params: [
                    "protocolVersion": .string(revision.rawValue), "capabilities": [:],
                    "clientInfo": client,
                ], timeout: timeout, isCancellable: false))
        let answered = result["protocolVersion"]?.string ?? ""
        guard let revision = Revision(answered: answered), !revision.isStateless else {
            throw MCPError.misbehaved(
                "speaks revision '\(answered)' of the protocol; known are "
                    + list(Revision.allCases.map(\.rawValue)))
        }
        link.speak(revision)
        try await link.notify("notifications/initialized", [:])
        return ServerSession(
            link: link, revision: revision, capabilities: result["capabilities"] ?? [:])
    }

    private static func list(_ revisions: [String]) -> String {
        revisions.isEmpty ? "no revision" : revisions.joined(separator: ", ")
    }
}

extension MCPError {
    /// Returns the revisions that a server may support after it has refused one; nil for another
    /// error.
    fileprivate func otherRevisions(than refused: Revision) -> [Revision]? {
        switch self {
        case .refused(let error): error.otherRevisions(than: refused)
        // This comes before the server has read a message.
        case .rejected(status: 400, let text):
            RPCError(code: 0, message: text).otherRevisions(than: refused)
        default: nil
        }
    }
}
