internal import HTTP
internal import JSON
internal import Synchronization
internal import Text

/// The position up to which a stream of events has been read, and the time to wait before asking
/// for it again.
struct StreamPosition {
    /// The id of the last event; empty if it had none, in which case the stream cannot be resumed.
    var event = ""
    var pause = Duration.seconds(1)
}

extension HTTPLink {
    /// The length at which an answer is abandoned.
    static let longestAnswer = 256 << 20

    /// Sends a request and reads until its result comes, over several connections if the server
    /// ends one before that and lets its stream be resumed.
    func exchange(_ request: Request, id: Int) async throws -> Value {
        let post = message(
            RPCMessage.request(id: id, request.method, request.params(id: id)),
            headers: request.headers)
        var position = StreamPosition()
        let value = try await translatingErrors {
            do {
                return try await client.withResponse(to: post) { response in
                    guard response.status < 300 else { throw await failure(response) }
                    if request.method == "initialize" { takeSession(response) }
                    return try await answer(response, until: id, from: &position)
                }
            } catch let error as HTTPError
                where error.kind == .interrupted && !position.event.isEmpty
            {
                return nil
            }
        }
        if let value { return value }
        while !position.event.isEmpty, speaksWithSessions {
            try await Task.sleep(for: position.pause)
            if let value = try await resume(id, from: &position) { return value }
        }
        throw endedTooEarly("")
    }

    /// - Returns: Nil if the stream has ended again without the result.
    /// - Throws: `.ended` for any error, because the server already has the request.
    private func resume(_ id: Int, from position: inout StreamPosition) async throws -> Value? {
        do {
            return try await client.withResponse(to: stream(after: position.event)) { response in
                guard response.status < 300 else {
                    throw endedTooEarly(": \(await failure(response))")
                }
                return try await answer(response, until: id, from: &position)
            }
        } catch let error as HTTPError {
            switch error.kind {
            case .cancelled: throw CancellationError()
            case .interrupted: return nil
            default: throw endedTooEarly(": \(error)")
            }
        }
    }

    private func endedTooEarly(_ reason: String) -> MCPError {
        .ended("the MCP server at '\(url)' ended its answer too early\(reason)")
    }

    private var speaksWithSessions: Bool {
        state.withLock { $0.revision?.isStateless == false }
    }

    private func takeSession(_ response: Response) {
        let session = response.headers["Mcp-Session-Id"]
        state.withLock { $0.session = session }
    }

    /// - Returns: The result, or nil if it was to come in a stream that has ended.
    private func answer(
        _ response: Response, until id: Int, from position: inout StreamPosition
    ) async throws -> Value? {
        if response.type == "text/event-stream" {
            return try await read(response, until: id, from: &position)
        }
        let body = try await response.body(limit: Self.longestAnswer)
        guard let first = body.withoutByteOrderMark.first(where: { $0 > 0x20 }) else {
            throw MCPError.misbehaved(
                "answered a request with HTTP status \(response.status) and nothing else")
        }
        if let messages = try? RPCMessage.read(body[...]) {
            if let value = try await receive(messages, awaiting: id) { return value }
            throw MCPError.misbehaved("answered a request with something else")
        }
        // This is a stream of events with a different type in its header.
        if first != UInt8(ascii: "{"), first != UInt8(ascii: "[") {
            var stream = EventStream(limit: Self.longestAnswer)
            let events = try stream.receive(body + Array("\n\n".utf8))
            if !events.isEmpty {
                return try await receive(events, until: id, from: &position)
            }
        }
        let text = String(decoding: body.prefix(4096), as: UTF8.self)
        if let page = HTMLPage(text) {
            throw MCPError.misbehaved(
                "answered with \(page), in place of a message; is the path in 'url' right? It is "
                    + "often /mcp or /sse")
        }
        throw MCPError.misbehaved(
            "answered a request with what is not a message: "
                + HTTPRefusal.text(of: body.prefix(4096)))
    }

    /// - Parameter id: The id of the request whose result ends the reading.
    /// - Returns: The result, or nil if the stream ends without it.
    func read(
        _ response: Response, until id: Int?, from position: inout StreamPosition
    ) async throws -> Value? {
        var stream = EventStream(limit: Self.longestAnswer)
        while let bytes = try await response.next() {
            let events = try stream.receive(bytes)
            if let pause = stream.reconnection { position.pause = pause }
            if let value = try await receive(events, until: id, from: &position) { return value }
        }
        return nil
    }

    private func receive(
        _ received: [ServerEvent], until id: Int?, from position: inout StreamPosition
    ) async throws -> Value? {
        for event in received {
            if !event.id.isEmpty { position.event = event.id }
            // Only a server of the older transport sends the address for messages.
            if event.name == "endpoint", id != nil { throw OlderTransport() }
            guard event.name == "message", !event.data.isEmpty else { continue }
            let messages: [RPCMessage]
            do { messages = try RPCMessage.read(Array(event.data.utf8)[...]) } catch {
                events.log(.warn, "ignored what is no message: \(error.problem)")
                continue
            }
            if let value = try await receive(messages, awaiting: id) { return value }
        }
        return nil
    }

    /// - Returns: The awaited result, if one of the messages has it.
    /// - Throws: The error that came instead of it.
    private func receive(_ messages: [RPCMessage], awaiting id: Int?) async throws -> Value? {
        var result: Value?
        for message in messages {
            switch message {
            // Some servers give every answer the id 0 or null, which no request of this client has.
            case .result(let answered, let value)
            where id != nil && (answered == id || (answered ?? 0) == 0):
                result = value
            case .error(let answered, let error)
            where id != nil && (answered == id || (answered ?? 0) == 0):
                throw MCPError.refused(error)
            case .result, .error: break
            case .request(let id, let method, _): await answer(method, id)
            case .notification(ProgressWatches.method, let params):
                if let watch = state.withLock({ $0.watches.watch(for: params) }) {
                    watch.receive(params ?? [:])
                }
            case .notification(let method, let params): events.receive(method, params)
            }
        }
        return result
    }

    /// Answers a request from the server, which only a server with sessions may make.
    private func answer(_ method: String, _ id: Value) async {
        guard speaksWithSessions else { return }
        do { try await post(RPCMessage.answer(to: method, id: id)) } catch {
            // The request to the server may still succeed.
            events.log(.warn, "could not answer '\(method)': \(error)")
        }
    }

    /// Returns the reason why a request failed, in the protocol's words if there are any.
    func failure(_ response: Response) async -> MCPError {
        let body = await response.beginning(limit: 64 * 1024)
        let refusal = HTTPRefusal(
            status: response.status, headers: response.headers, body: body[...],
            sent: address.headers.map(\.0))
        if state.withLock({ $0.session != nil }), refusal.isOfLostSession {
            let failure = MCPError.sessionLost("the MCP server at '\(url)' forgot the session")
            state.withLock { $0.failure = failure }
            return failure
        }
        return refusal.isOfWholeRequest ? refusal.error : answeredError(body) ?? refusal.error
    }

    private func answeredError(_ body: [UInt8]) -> MCPError? {
        guard let messages = try? RPCMessage.read(body[...]) else { return nil }
        for case .error(_, let error) in messages where error.code != 0 { return .refused(error) }
        return nil
    }
}

/// An answer that only a server with the transport of 2024-11-05 gives.
struct OlderTransport: Error {}

extension Response {
    /// The media type without its parameters.
    var type: String {
        String((headers["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased().trimmed)
    }
}

/// Converts errors to those that the callers of a link expect.
func translatingErrors<R>(_ body: () async throws -> R) async throws -> R {
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
