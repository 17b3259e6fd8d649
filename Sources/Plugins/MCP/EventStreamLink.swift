internal import HTTP
internal import JSON
internal import Synchronization
internal import Text

/// A connection to a server over HTTP in the style of revision 2024-11-05: one stream of events
/// carries all messages from the server, and its first event names the address for messages to it.
final class EventStreamLink: Link {
    let url: String

    private let address: Address
    private let events: Events
    private let client = Client()
    private let state = Mutex(State())

    private struct State {
        var endpoint: URL?
        var opening: CheckedContinuation<Void, any Error>?
        var waiting: [Int: Waiter] = [:]
        var watches = ProgressWatches()
        var lastID = 0
        var failure: MCPError?
        var reading: Task<Void, Never>?

        mutating func remove(_ id: Int) -> CheckedContinuation<Value, any Error>? {
            watches[id] = nil
            return waiting.removeValue(forKey: id)?.continuation
        }
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Value, any Error>

        /// True once the server has accepted the request.
        var isTaken = false
    }

    private init(_ address: Address, events: Events) {
        self.address = address
        self.events = events
        url = address.shown
    }

    /// Asks for the stream, and waits for its first event.
    ///
    /// - Throws: `MCPError` if the server does not have such a stream.
    static func open(
        _ address: Address, events: Events, timeout: Duration
    ) async throws -> EventStreamLink {
        let link = EventStreamLink(address, events: events)
        do {
            try await within(timeout) { try await link.open() }
            return link
        } catch {
            await link.close()
            throw error
        }
    }

    private func open() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { state in
                    state.opening = continuation
                    state.reading = Task { await self.readToEnd() }
                }
                if Task.isCancelled { fail(.sessionLost("the connection was closed")) }
            }
        } onCancel: {
            fail(.sessionLost("the connection was closed"))
        }
    }

    var readsHeaders: Bool { false }

    var failure: MCPError? { state.withLock { $0.failure } }

    func speak(_ revision: Revision) {}

    /// Always throws, as all messages from the server already come on the one stream.
    func listen() throws { throw MCPError.misused("nothing to listen to") }

    func request(_ request: Request) async throws -> Value {
        try await within(request.timeout, extendedBy: request.progress) {
            try await self.exchange(request)
        }
    }

    private func exchange(_ request: Request) async throws -> Value {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let failure = state.withLock { state in
                    if state.failure == nil {
                        state.waiting[id] = Waiter(continuation: continuation)
                        state.watches[id] = request.progress
                    }
                    return state.failure
                }
                if let failure {
                    continuation.resume(throwing: failure)
                    return
                }
                // Some servers answer on the stream before they answer the request that was posted.
                Task {
                    do {
                        try await post(
                            RPCMessage.request(id: id, request.method, request.params(id: id)))
                        noteTaken(id)
                    } catch {
                        state.withLock { $0.remove(id) }?.resume(throwing: error)
                    }
                }
                // The handler below may have run before there was a waiter.
                if Task.isCancelled { abandon(id, isCancellable: request.isCancellable) }
            }
        } onCancel: {
            abandon(id, isCancellable: request.isCancellable)
        }
    }

    func notify(_ method: String, _ params: Members) async throws {
        try await post(RPCMessage.notification(method, params))
    }

    /// Stops waiting, and reports that to the server.
    private func abandon(_ id: Int, isCancellable: Bool) {
        guard let waiter = state.withLock({ $0.remove(id) }) else { return }
        if isCancellable { Task { try await post(RPCMessage.cancellation(of: id)) } }
        waiter.resume(throwing: CancellationError())
    }

    func close() async {
        fail(.sessionLost("the connection was closed"))
        let reading = state.withLock { $0.reading }
        reading?.cancel()
        await reading?.value
    }

    private func fail(_ failure: MCPError) {
        let (opening, taken, failure) = state.withLock { state in
            let failure = state.failure ?? failure
            state.failure = failure
            defer { state.opening = nil }
            // For the others, the server has yet to say whether it knows their session.
            let ids = state.waiting.filter(\.value.isTaken).map(\.key)
            return (state.opening, ids.compactMap { state.remove($0) }, failure)
        }
        opening?.resume(throwing: failure)
        // The server may have done what it was asked.
        for waiter in taken { waiter.resume(throwing: MCPError.ended("\(failure)")) }
    }

    /// Notes that the server has accepted a request, so that its answer can come only on the
    /// stream.
    private func noteTaken(_ id: Int) {
        let (waiter, failure) = state.withLock { state in
            state.waiting[id]?.isTaken = true
            return state.failure.map { (state.remove(id), $0) } ?? (nil, nil)
        }
        if let failure { waiter?.resume(throwing: MCPError.ended("\(failure)")) }
    }
}

// The messages to and from the server.
extension EventStreamLink {
    private func headers() -> Headers {
        var headers = Headers()
        for (name, value) in address.headers { headers.append(name, value) }
        return headers
    }

    /// Sends a message. Its answer, if it has one, comes on the stream.
    private func post(_ body: [UInt8]) async throws {
        guard let endpoint = state.withLock({ $0.endpoint }) else {
            throw MCPError.misused("no place to send messages to")
        }
        var headers = headers()
        headers.append("Content-Type", "application/json")
        let request = HTTP.Request("POST", endpoint, headers: headers, body: body, silence: forEver)
        try await translatingErrors {
            try await client.withResponse(to: request) { response in
                if response.status >= 300 { throw await refusal(response) }
            }
        }
    }

    private func refusal(_ response: Response) async -> MCPError {
        let body = await response.beginning(limit: 64 * 1024)
        let refusal = HTTPRefusal(
            status: response.status, headers: response.headers, body: body[...],
            sent: address.headers.map(\.0))
        guard refusal.isOfLostSession, state.withLock({ $0.endpoint != nil }) else {
            return refusal.error
        }
        let failure = MCPError.sessionLost("the MCP server at '\(url)' forgot the session")
        state.withLock { $0.failure = $0.failure ?? failure }
        return failure
    }

    private func readToEnd() async {
        var headers = headers()
        headers.append("Accept", "text/event-stream")
        let request = HTTP.Request("GET", address.url, headers: headers, silence: forEver)
        do {
            try await translatingErrors {
                try await client.withResponse(to: request) { response in
                    guard response.status < 300 else { throw await refusal(response) }
                    guard response.type == "text/event-stream" else {
                        throw MCPError.misbehaved("has no stream of events at '\(url)'")
                    }
                    try await read(response)
                }
            }
            // Proxies end connections that are silent for a while.
            fail(.sessionLost("the MCP server at '\(url)' ended its stream of events"))
        } catch let error as MCPError {
            let isOpen = state.withLock { $0.endpoint != nil }
            fail(isOpen ? .sessionLost("\(error)") : error)
        } catch {
            fail(.sessionLost("the connection was closed"))
        }
    }

    private func read(_ response: Response) async throws {
        var stream = EventStream(limit: HTTPLink.longestAnswer)
        while let bytes = try await response.next() {
            for event in try stream.receive(bytes) {
                switch event.name {
                case "endpoint": try takeEndpoint(event.data)
                case "message": receive(event.data)
                default: break
                }
            }
        }
    }

    /// - Throws: An error if the address is at another server, for which the headers are not meant.
    private func takeEndpoint(_ text: String) throws {
        guard let endpoint = try? address.url.resolving(String(text.trimmed)),
            endpoint.origin == address.url.origin
        else {
            throw MCPError.misbehaved(
                "at '\(url)' wants messages at another server, '\(text.prefix(200))', where they "
                    + "and the headers are not sent; a proxy before it may have to be told its name"
            )
        }
        let opening = state.withLock { state in
            state.endpoint = endpoint
            defer { state.opening = nil }
            return state.opening
        }
        opening?.resume()
    }

    private func receive(_ text: String) {
        let messages: [RPCMessage]
        do { messages = try RPCMessage.read(Array(text.utf8)[...]) } catch {
            events.log(.warn, "ignored what is no message: \(error.problem)")
            return
        }
        for message in messages { receive(message) }
    }

    private func receive(_ message: RPCMessage) {
        switch message {
        case .result(let id, let value): take(answering: id)?.resume(returning: value)
        case .error(let id, let error):
            take(answering: id)?.resume(throwing: MCPError.refused(error))
        case .request(let id, let method, _):
            Task {
                do { try await post(RPCMessage.answer(to: method, id: id)) } catch {
                    events.log(.warn, "could not answer '\(method)': \(error)")
                }
            }
        case .notification(ProgressWatches.method, let params):
            if let watch = state.withLock({ $0.watches.watch(for: params) }) {
                watch.receive(params ?? [:])
            }
        case .notification(let method, let params): events.receive(method, params)
        }
    }

    /// Returns the request that an answer is for; the only one, if its id belongs to no request.
    private func take(answering id: Int?) -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            if let id, (1...max(state.lastID, 1)).contains(id) { return state.remove(id) }
            guard state.waiting.count == 1, let only = state.waiting.first?.key else { return nil }
            return state.remove(only)
        }
    }
}
