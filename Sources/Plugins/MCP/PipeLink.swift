internal import JSON
internal import Synchronization
internal import Text
internal import Unix

/// A connection to a server that is a child process: one message a line, on its standard streams.
final class PipeLink: Link {
    let url = ""

    private let name: String
    private let events: Events
    private let process = LineProcess(lastLines: LastLines(longest: 300))
    private let state = Mutex(State())

    // Only the child's thread uses it.
    private let lines = Mutex(MessageLines(longest: longestLine))

    fileprivate struct State {
        var waiting: [Int: Waiter] = [:]
        var lastID = 0
        var watches = ProgressWatches()
        /// The first line of its output that is not a message.
        var otherOutput: String?
        var hasSplitMessages = false
        var failure: MCPError?
    }

    fileprivate struct Waiter {
        let continuation: CheckedContinuation<Value, any Error>
        let isCancellable: Bool
    }

    /// The length at which a line is abandoned.
    private static let longestLine = 256 << 20

    private init(name: String, events: Events) {
        self.name = name
        self.events = events
    }

    /// Starts a server.
    ///
    /// - Throws: `.unreachable` if there is no such program or it cannot be run.
    static func open(_ program: ServerProgram, events: Events) async throws(MCPError) -> PipeLink {
        let link = PipeLink(name: program.name, events: events)
        if program.isCommandLine {
            throw .unreachable(
                "cannot run the MCP server '\(program.name)': 'command' has more than the name of a "
                    + "program; give the arguments in 'args', or all in a list")
        }
        guard let path = program.path else {
            throw .unreachable("cannot find the MCP server '\(program.command)' in PATH")
        }
        do throws(SystemError) {
            try await link.process.start(
                path, arguments: program.arguments, environment: program.environment,
                takesInput: true, longestLine: longestLine,
                onLine: { link.receive($1, from: $0) }, onOutputEnd: { link.endOutput() },
                onExit: { link.fail("\($0)") })
            return link
        } catch {
            throw .unreachable("MCP server '\(program.name)': \(error)")
        }
    }

    var readsHeaders: Bool { false }

    var failure: MCPError? { state.withLock { $0.failure } }

    func speak(_ revision: Revision) {}

    /// Always throws, as all messages from the server already come on its standard output.
    func listen() throws { throw MCPError.misused("nothing to listen to") }

    func request(_ request: Request) async throws -> Value {
        do {
            return try await within(request.timeout, extendedBy: request.progress) {
                try await self.exchange(request)
            }
        } catch MCPError.timedOut(let limit, let note) {
            throw MCPError.timedOut(after: limit, note: note + otherOutput)
        }
    }

    /// The text that a server which does not use the protocol has printed, as the end of a
    /// sentence.
    private var otherOutput: String {
        guard let text = state.withLock({ $0.otherOutput }) else { return "" }
        let hint =
            text.lowercased().hasPrefix("content-length:")
            ? ", as language servers do and MCP servers do not" : ""
        return "; its standard output has what is not a message: '\(text)'\(hint)"
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
                    if state.failure == nil {
                        state.waiting[id] = waiter
                        state.watches[id] = request.progress
                    }
                    return state.failure
                }
                if let failure {
                    continuation.resume(throwing: failure)
                    return
                }
                send(RPCMessage.request(id: id, request.method, request.params(id: id)))
                // The handler below may have run before there was a waiter.
                if Task.isCancelled { abandon(id) }
            }
        } onCancel: {
            abandon(id)
        }
    }

    func notify(_ method: String, _ params: Members) {
        send(RPCMessage.notification(method, params))
    }

    /// Ends the server: first its input, as the protocol wants it, then with signals.
    func close() async {
        await process.end(after: .milliseconds(700), grace: .milliseconds(500))
    }

    private func send(_ message: [UInt8]) { process.write(message + [UInt8(ascii: "\n")]) }

    /// Stops waiting, and reports that to the server.
    private func abandon(_ id: Int) {
        guard let waiter = state.withLock({ $0.remove(id) }) else { return }
        if waiter.isCancellable { send(RPCMessage.cancellation(of: id)) }
        waiter.continuation.resume(throwing: CancellationError())
    }
}

// The work of the child's thread.
extension PipeLink {
    private func receive(_ line: ArraySlice<UInt8>, from output: LineProcess.Output) {
        guard output == .standard else {
            let line = String(decoding: line, as: UTF8.self)
            guard !line.trimmed.isEmpty else { return }
            events.log(.info, line)
            return
        }
        guard line.contains(where: { $0 > 0x20 }) else { return }
        switch lines.withLock({ $0.receive(line) }) {
        case .part: break
        case .messages(let messages, let areSplit):
            if areSplit { noteSplitMessage() }
            for message in messages { receive(message) }
        case .other(let text, let problem):
            let text = String(
                String(decoding: text.prefix(200), as: UTF8.self).trimmed.description)
            let isFirst = state.withLock { state in
                defer { state.otherOutput = state.otherOutput ?? text }
                return state.otherOutput == nil
            }
            events.log(isFirst ? .warn : .debug, "ignored what is no message: \(problem): \(text)")
        }
    }

    private func noteSplitMessage() {
        let isFirst = state.withLock { state in
            defer { state.hasSplitMessages = true }
            return !state.hasSplitMessages
        }
        events.log(
            isFirst ? .warn : .debug,
            "a message came over several lines of standard output, where the protocol has one line "
                + "for each")
    }

    private func receive(_ message: RPCMessage) {
        switch message {
        case .result(let id, let value): take(answering: id)?.resume(returning: value)
        case .error(let id, let error):
            if let waiting = take(answering: id) {
                waiting.resume(throwing: MCPError.refused(error))
            } else if id == nil {
                events.log(.warn, "error without a request: \(error)")
            }
        case .request(let id, let method, _): send(RPCMessage.answer(to: method, id: id))
        case .notification("notifications/cancelled", let params):
            // This is how a stateless server ends a subscription, and only that.
            guard let id = params?["requestId"]?.int else { return }
            state.withLock { $0.remove(id) }?.continuation
                .resume(throwing: MCPError.misbehaved("gave a request up"))
        case .notification(ProgressWatches.method, let params):
            if let watch = state.withLock({ $0.watches.watch(for: params) }) {
                watch.receive(params ?? [:])
            }
        case .notification(let method, let params): events.receive(method, params)
        }
    }

    /// Returns the request that an answer is for.
    ///
    /// Some servers give every answer the id 0 or null, which no request of this client has: such
    /// an answer is for the only request there is.
    private func take(answering id: Int?) -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            if let id, (1...max(state.lastID, 1)).contains(id) { return state.remove(id) }
            guard state.waiting.count == 1, let only = state.waiting.first?.key else { return nil }
            return state.remove(only)
        }?.continuation
    }

    /// The longest time that a process takes to end after its standard output has ended.
    private static let longestEnd = Duration.seconds(2)

    /// Fails a server that still runs without being able to answer.
    private func endOutput() {
        Task {
            // Most servers end at once, and then their exit status says more.
            try await Task.sleep(for: Self.longestEnd)
            fail("closed its standard output and runs on")
        }
    }

    /// - Parameter reason: The words that follow the server's name.
    private func fail(_ reason: String) {
        let (waiting, failure) = state.withLock { state in
            let failure =
                state.failure
                ?? MCPError.ended("MCP server '\(name)' \(reason)\(process.lastLines.quoted)")
            state.failure = failure
            defer { state.waiting = [:] }
            return (Array(state.waiting.values), failure)
        }
        for waiter in waiting { waiter.continuation.resume(throwing: failure) }
    }
}

extension PipeLink.State {
    fileprivate mutating func remove(_ id: Int) -> PipeLink.Waiter? {
        watches[id] = nil
        return waiting.removeValue(forKey: id)
    }
}
