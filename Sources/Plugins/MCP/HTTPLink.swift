internal import HTTP
internal import JSON
internal import Synchronization

/// A connection to a server over Streamable HTTP: each message is a separate request, and the
/// answer to it is a message or a stream of them.
final class HTTPLink: Link {
    let address: Address
    let events: Events
    let client = Client()
    let state = Mutex(State())

    struct State {
        /// The server's name for the session, before 2026-07-28.
        var session: String?
        var revision: Revision?
        var lastID = 0
        var watches = ProgressWatches()
        var failure: MCPError?
    }

    init(_ address: Address, events: Events) {
        self.address = address
        self.events = events
    }

    var url: String { address.shown }

    var readsHeaders: Bool { true }

    var failure: MCPError? { state.withLock { $0.failure } }

    func speak(_ revision: Revision) {
        state.withLock { $0.revision = revision }
    }

    func request(_ request: Request) async throws -> Value {
        let id = state.withLock { state in
            state.lastID += 1
            state.watches[state.lastID] = request.progress
            return state.lastID
        }
        defer { state.withLock { $0.watches[id] = nil } }
        do {
            return try await within(request.timeout, extendedBy: request.progress) {
                try await self.exchange(request, id: id)
            }
        } catch {
            let isGivenUp = error is CancellationError || isTimeout(error)
            if isGivenUp, request.isCancellable { sendCancellation(of: id) }
            throw error
        }
    }

    func notify(_ method: String, _ params: Members) async throws {
        try await post(RPCMessage.notification(method, params))
    }

    /// Reads messages that the server sends without being asked, until it ends the stream or does
    /// not support it.
    func listen() async throws {
        try await translatingErrors {
            try await client.withResponse(to: stream(after: "")) { response in
                guard response.status == 200 else {
                    throw MCPError.rejected(status: response.status, "")
                }
                guard response.type == "text/event-stream" else {
                    throw MCPError.misused("the MCP server has nothing to listen to")
                }
                // Changes before this were not announced.
                events.toolsChanged()
                var position = StreamPosition()
                _ = try await read(response, until: nil, from: &position)
            }
        }
    }

    func close() async {
        let (session, hadFailed) = state.withLock { state in
            defer { state.failure = state.failure ?? .sessionLost("the connection was closed") }
            return (state.session, state.failure != nil)
        }
        guard session != nil, !hadFailed else { return }
        let delete = HTTP.Request("DELETE", address.url, headers: commonHeaders())
        // This is a courtesy that not every server supports.
        try? await within(.milliseconds(500)) { [client] in
            try await client.withResponse(to: delete) { _ in }
        }
    }
}

// The messages to the server.
extension HTTPLink {
    private func commonHeaders() -> Headers {
        var headers = Headers()
        for (name, value) in address.headers { headers.append(name, value) }
        state.withLock { state in
            if let session = state.session { headers.append("Mcp-Session-Id", session) }
            // A stateless request contains the revision itself.
            if let revision = state.revision, !revision.isStateless {
                headers.append("MCP-Protocol-Version", revision.rawValue)
            }
        }
        return headers
    }

    /// - Parameter silence: The longest time that the server may be silent.
    func message(
        _ body: [UInt8], headers more: [(name: String, value: String)] = [],
        silence: Duration = forEver
    ) -> HTTP.Request {
        var headers = commonHeaders()
        headers.append("Content-Type", "application/json")
        headers.append("Accept", "application/json, text/event-stream")
        for (name, value) in more { headers.append(name, value) }
        return HTTP.Request("POST", address.url, headers: headers, body: body, silence: silence)
    }

    /// Returns a request for the server's unasked messages or, with an event's id, for the stream
    /// that contained it.
    func stream(after event: String) -> HTTP.Request {
        var headers = commonHeaders()
        headers.append("Accept", "text/event-stream")
        if !event.isEmpty { headers.append("Last-Event-ID", event) }
        return HTTP.Request("GET", address.url, headers: headers, silence: forEver)
    }

    /// Sends a message that gets no answer.
    func post(_ body: [UInt8]) async throws {
        let post = message(body, silence: .seconds(30))
        try await translatingErrors {
            try await client.withResponse(to: post) { response in
                if response.status >= 300 { throw await failure(response) }
            }
        }
    }

    /// Reports that a request is cancelled. A stateless server notices that its answer is no longer
    /// read.
    private func sendCancellation(of id: Int) {
        guard state.withLock({ $0.revision?.isStateless == false }) else { return }
        Task { try await self.post(RPCMessage.cancellation(of: id)) }
    }
}

/// A time longer than any server is silent.
let forEver = Duration.seconds(365 * 86400)

func isTimeout(_ error: any Error) -> Bool {
    if case .timedOut = error as? MCPError { true } else { false }
}
