internal import Glibc
internal import JSON
internal import Synchronization
internal import Unix

/// A server that is a process of ours: one message a line, on its standard streams.
final class PipeLink: Link {
    let url = ""

    private let name: String
    private let events: Events
    private let state = Mutex(State())

    private struct State {
        var child: Child?
        /// What is to be sent as soon as there is a child.
        var unsent: [UInt8] = []
        var waiting: [Int: Waiter] = [:]
        var lastID = 0
        var lastWords = LastWords()
        var hasPrintedOther = false
        var failure: MCPError?
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Value, any Error>
        let isCancellable: Bool
    }

    /// A longer line is given up.
    private static let longestLine = 256 << 20

    private init(name: String, events: Events) {
        self.name = name
        self.events = events
    }

    /// Starts a server.
    ///
    /// - Throws: `.unreachable` if there is no such program or it cannot be run.
    static func open(_ program: Program, events: Events) async throws(MCPError) -> PipeLink {
        let link = PipeLink(name: program.name, events: events)
        guard let path = program.path else {
            throw .unreachable("cannot find the MCP server '\(program.command)' in PATH")
        }
        do throws(SystemError) {
            let child = try await Child.launch(
                path, arguments: program.arguments, environment: program.environment,
                takesInput: true, longestLine: longestLine,
                onLine: { link.receive($1, from: $0) }, onExit: { link.end($0) })
            link.state.withLock { state in
                state.child = child
                child.input?.write(state.unsent)
                state.unsent = []
            }
            return link
        } catch {
            throw .unreachable("MCP server '\(program.name)': \(error)")
        }
    }

    var readsHeaders: Bool { false }

    var failure: MCPError? { state.withLock { $0.failure } }

    func speak(_ revision: Revision) {}

    /// All that a server says comes the same way.
    func listen() throws { throw MCPError.misused("nothing to listen to") }

    func request(_ request: Request) async throws -> Value {
        try await within(request.timeout) { try await self.exchange(request) }
    }

    private func exchange(_ request: Request) async throws -> Value {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waiter = Waiter(
                    continuation: continuation, isCancellable: request.isCancellable)
                let failure = state.withLock { state in
                    if state.failure == nil { state.waiting[id] = waiter }
                    return state.failure
                }
                if let failure {
                    continuation.resume(throwing: failure)
                    return
                }
                send(Message.request(id: id, request.method, request.params))
                // The handler below may have run before there was a waiter.
                if Task.isCancelled { abandon(id) }
            }
        } onCancel: {
            abandon(id)
        }
    }

    func notify(_ method: String, _ params: Members) {
        send(Message.notification(method, params))
    }

    /// Ends the server: its input first, as the protocol wants it, then by signals.
    func close() async {
        guard let child = state.withLock({ $0.child }) else { return }
        child.input?.close()
        let escalation = Task {
            try await Task.sleep(for: .milliseconds(700))
            child.signal(SIGTERM)
            try await Task.sleep(for: .milliseconds(500))
            child.signal(SIGKILL)
        }
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.failure == nil { state.closers.append(continuation) }
                return state.failure != nil
            }
            if hasEnded { continuation.resume() }
        }
        escalation.cancel()
    }

    private func send(_ message: [UInt8]) {
        let line = message + [UInt8(ascii: "\n")]
        state.withLock { state in
            if let child = state.child { child.input?.write(line) } else { state.unsent += line }
        }
    }

    /// Stops waiting, and tells the server so.
    private func abandon(_ id: Int) {
        guard let waiter = state.withLock({ $0.waiting.removeValue(forKey: id) }) else { return }
        if waiter.isCancellable { send(Message.cancellation(of: id)) }
        waiter.continuation.resume(throwing: CancellationError())
    }
}

// What the child's thread does.
extension PipeLink {
    private func receive(_ line: ArraySlice<UInt8>, from output: Child.Output) {
        guard output == .standard else {
            let line = String(decoding: line, as: UTF8.self)
            guard !line.trimmed.isEmpty else { return }
            state.withLock { $0.lastWords.add(line) }
            events.log(.info, line)
            return
        }
        guard line.contains(where: { $0 > 0x20 }) else { return }
        do {
            for message in try Message.read(line) { receive(message) }
        } catch {
            let isFirst = state.withLock { state in
                defer { state.hasPrintedOther = true }
                return !state.hasPrintedOther
            }
            events.log(
                isFirst ? .warn : .debug,
                "ignored what is no message: \(error.problem): "
                    + String(decoding: line.prefix(200), as: UTF8.self))
        }
    }

    private func receive(_ message: Message) {
        switch message {
        case .result(let id, let value): take(id)?.resume(returning: value)
        case .error(let id?, let error): take(id)?.resume(throwing: MCPError.refused(error))
        case .error(nil, let error): events.log(.warn, "error without a request: \(error)")
        case .request(let id, let method, _): send(Message.answer(to: method, id: id))
        case .notification("notifications/cancelled", let params):
            // So a stateless server ends a subscription, and nothing else.
            guard let id = params?["requestId"]?.int else { return }
            take(id)?.resume(throwing: MCPError.misbehaved("gave a request up"))
        case .notification(let method, let params): events.receive(method, params)
        }
    }

    private func take(_ id: Int) -> CheckedContinuation<Value, any Error>? {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.continuation
    }

    private func end(_ ending: Ending) {
        let (waiting, closers, failure) = state.withLock { state in
            let failure = MCPError.ended(
                "MCP server '\(name)' \(ending)\(state.lastWords.quoted)")
            state.failure = failure
            defer {
                state.waiting = [:]
                state.closers = []
            }
            return (Array(state.waiting.values), state.closers, failure)
        }
        for waiter in waiting { waiter.continuation.resume(throwing: failure) }
        for closer in closers { closer.resume() }
    }
}
