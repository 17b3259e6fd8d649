internal import HTTP
internal import JSON
internal import Synchronization

/// A server that is reached over Streamable HTTP: each message is a request of its own, and the
/// answer to it a message or a stream of them.
final class HTTPLink: Link {
    private let address: Address
    private let events: Events
    private let client = Client()
    private let state = Mutex(State())

    private struct State {
        /// What the server calls the session, before 2026-07-28.
        var session: String?
        var revision: Revision?
        var lastID = 0
        var failure: MCPError?
    }

    /// A longer answer is given up.
    private static let longestAnswer = 256 << 20

    init(_ address: Address, events: Events) {
        self.address = address
        self.events = events
    }

    var url: String { address.shown }

    var failure: MCPError? { state.withLock { $0.failure } }

    func speak(_ revision: Revision) {
        state.withLock { $0.revision = revision }
    }

    func request(_ request: Request) async throws -> Value {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let post = message(
            Message.request(id: id, request.method, request.params), headers: request.headers,
            silence: request.timeout)
        do {
            return try await within(request.timeout) { try await self.exchange(post, id: id) }
        } catch {
            let isGivenUp = error is CancellationError || isTimeout(error)
            if isGivenUp, request.isCancellable { tellOfCancellation(of: id) }
            throw error
        }
    }

    func notify(_ method: String, _ params: Members) async throws {
        try await post(Message.notification(method, params))
    }

    /// Reads what the server says unasked, until it ends that or does not know how.
    func listen() async throws {
        var headers = commonHeaders()
        headers.append("Accept", "text/event-stream")
        let get = HTTP.Request("GET", address.url, headers: headers, silence: forEver)
        try await translatingErrors {
            try await client.withResponse(to: get) { response in
                guard response.status == 200 else {
                    throw MCPError.rejected(status: response.status, "")
                }
                _ = try await read(response, until: nil)
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
        // A courtesy; not every server knows it.
        try? await within(.milliseconds(500)) { [client] in
            try await client.withResponse(to: delete) { _ in }
        }
    }
}

// What goes out.
extension HTTPLink {
    private func commonHeaders() -> Headers {
        var headers = Headers()
        for (name, value) in address.headers { headers.append(name, value) }
        state.withLock { state in
            if let session = state.session { headers.append("Mcp-Session-Id", session) }
            // A stateless request says so itself.
            if let revision = state.revision, !revision.isStateless {
                headers.append("MCP-Protocol-Version", revision.rawValue)
            }
        }
        return headers
    }

    private func message(
        _ body: [UInt8], headers more: [(name: String, value: String)] = [], silence: Duration?
    ) -> HTTP.Request {
        var headers = commonHeaders()
        headers.append("Content-Type", "application/json")
        headers.append("Accept", "application/json, text/event-stream")
        for (name, value) in more { headers.append(name, value) }
        return HTTP.Request(
            "POST", address.url, headers: headers, body: body, silence: silence ?? forEver)
    }

    /// Sends what has no answer.
    private func post(_ body: [UInt8]) async throws {
        let post = message(body, silence: .seconds(30))
        try await translatingErrors {
            try await client.withResponse(to: post) { response in
                if response.status >= 400 { throw try await failure(response, id: nil) }
            }
        }
    }

    /// A stateless server sees that nobody reads its answer any more.
    private func tellOfCancellation(of id: Int) {
        guard state.withLock({ $0.revision?.isStateless == false }) else { return }
        Task { try await self.post(Message.cancellation(of: id, reason: "cancelled")) }
    }
}

// What comes in.
extension HTTPLink {
    private func exchange(_ post: HTTP.Request, id: Int) async throws -> Value {
        try await translatingErrors {
            try await client.withResponse(to: post) { response in
                if let session = response.headers["Mcp-Session-Id"] {
                    state.withLock { $0.session = session }
                }
                guard response.status < 300 else { throw try await failure(response, id: id) }
                if response.type == "text/event-stream" {
                    if let value = try await read(response, until: id) { return value }
                    throw MCPError.ended("the MCP server at '\(url)' ended its answer too early")
                }
                let body = try await response.body(limit: Self.longestAnswer)
                if let value = try await receive(body[...], awaiting: id) { return value }
                throw MCPError.misbehaved("answered a request with something else")
            }
        }
    }

    /// - Parameter id: Of the request whose result ends the reading.
    /// - Returns: That result, or nil if the stream ends without it.
    private func read(_ response: Response, until id: Int?) async throws -> Value? {
        var stream = EventStream(limit: Self.longestAnswer)
        while let bytes = try await response.next() {
            for event in try stream.receive(bytes) where event.name == "message" {
                let data = Array(event.data.utf8)
                if data.isEmpty { continue }
                if let value = try await receive(data[...], awaiting: id) { return value }
            }
        }
        return nil
    }

    /// - Returns: The result that was waited for, if it is in there.
    /// - Throws: The error that is there instead of it.
    private func receive(_ json: ArraySlice<UInt8>, awaiting id: Int?) async throws -> Value? {
        let messages: [Message]
        do { messages = try Message.read(json) } catch {
            events.log(.warn, "ignored what is no message: \(error.problem)")
            return nil
        }
        var result: Value?
        for message in messages {
            switch message {
            case .result(let answered, let value) where answered == id: result = value
            case .error(let answered, let error) where answered == id || answered == nil:
                throw MCPError.refused(error)
            case .result, .error: break
            case .request(let id, let method, _):
                try await post(Message.answer(to: method, id: id))
            case .notification(let method, let params): events.receive(method, params)
            }
        }
        return result
    }

    /// Why a request came to nothing: in the protocol's words if there are any.
    private func failure(_ response: Response, id: Int?) async throws -> MCPError {
        let body = await response.beginning(limit: 64 * 1024)
        if response.status == 404, state.withLock({ $0.session != nil }) {
            let failure = MCPError.sessionLost("the MCP server at '\(url)' forgot the session")
            state.withLock { $0.failure = failure }
            return failure
        }
        if let messages = try? Message.read(body[...]) {
            for case .error(_, let error) in messages { return .refused(error) }
        }
        let text = String(decoding: body.prefix(200), as: UTF8.self)
        return .rejected(status: response.status, text.trimmed)
    }
}

extension Response {
    /// The media type without its parameters.
    fileprivate var type: String {
        (headers["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased().trimmed
    }
}

/// Longer than any server is silent.
private let forEver = Duration.seconds(365 * 86400)

private func isTimeout(_ error: any Error) -> Bool {
    if case .timedOut = error as? MCPError { true } else { false }
}

/// Throws what the callers of a link expect.
private func translatingErrors<R>(_ body: () async throws -> R) async throws -> R {
    do {
        return try await body()
    } catch let error as HTTPError {
        throw switch error.kind {
        case .cancelled: CancellationError() as any Error
        // The server may have done what it was asked.
        case .interrupted, .silent: MCPError.ended(error.message)
        case .invalid, .unreachable, .untrusted: MCPError.unreachable(error.message)
        case .tooLong: MCPError.misbehaved("answers too much: \(error.message)")
        }
    }
}

/// Runs `body`, cancelled when the time is over.
private func within<R: Sendable>(
    _ limit: Duration?, _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
    guard let limit else { return try await body() }
    return try await withThrowingTaskGroup(of: R?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        // One of them ends first, and a result is never nil twice.
        guard let first = try await group.next(), let result = first else {
            throw MCPError.timedOut(after: limit)
        }
        return result
    }
}
