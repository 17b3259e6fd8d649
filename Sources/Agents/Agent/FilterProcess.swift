internal import FilterKit
package import FilterProcesses
internal import Glibc
package import JSON
internal import Synchronization
internal import Unix

/// A stage that is a child process: records go to its standard input, and the answers, matched by
/// their `id`, come from its standard output.
package final class FilterProcess: AgentStage {
    package let name: String

    private let command: FilterCommand
    private let trace: Trace?
    private let state = Mutex(State())

    private struct State {
        var child: Child?
        var waiting: [String: AsyncStream<Line>.Continuation] = [:]
        var greeting: Greeting?
        var lastWords: [String] = []
        /// Every id that was ever asked for.
        var asked: Set<String> = []
        var failure: StageError?
        var hasExited = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private enum Line: Sendable {
        case event(Record)
        case answer(Record)
        case failure(StageError)
    }

    private enum Greeting {
        case awaited([AsyncStream<Line>.Continuation])
        case come(Record)
    }

    private static let longestLine = 256 << 20
    private static let mostLastWords = 10

    /// The time that a filter has to end cleanly before it is forced to.
    private static let grace = Duration.seconds(3)

    /// The longest time to wait for an answer.
    private let longestWait: Duration

    private init(_ name: String, _ command: FilterCommand, _ longestWait: Duration, _ trace: Trace?)
    {
        self.name = name
        self.command = command
        self.longestWait = longestWait
        self.trace = trace
    }

    /// Starts the process.
    ///
    /// - Parameter longestWait: The longest time to wait for an answer. It exceeds the filter's own
    ///   time limit, as the filter can report the reason better.
    /// - Throws: `StageError`.
    package static func start(
        _ name: String, _ command: FilterCommand, environment: [String: String],
        longestWait: Duration, trace: Trace?
    ) async throws -> FilterProcess {
        let process = FilterProcess(name, command, longestWait, trace)
        do throws(SystemError) {
            let child = try await Child.launch(
                command.path, arguments: command.arguments,
                environment: environment.map { "\($0)=\($1)" }, takesInput: true,
                usesTerminal: command.usesTerminal, longestLine: longestLine,
                onLine: { output, line in
                    switch output {
                    case .standard: process.receive(line)
                    case .errors: process.note(line)
                    }
                },
                onExit: { process.exited($0) })
            process.state.withLock { $0.child = child }
        } catch {
            throw StageError(
                name, "stage_missing", "stage '\(name)': \(error)", status: .unavailable)
        }
        return process
    }

    // MARK: The tasks' side

    package func answer(
        _ record: Record, id: String, onEvent: (Record) async throws -> Void
    ) async throws -> Record {
        let (lines, continuation) = AsyncStream.makeStream(of: Line.self)
        let (child, failure) = state.withLock { state in
            if state.failure == nil {
                state.waiting[id] = continuation
                state.asked.insert(id)
            }
            return (state.child, state.failure)
        }
        trace?.note(name, .to, record.bytes)
        if let failure {
            trace?.note(name, .from, failure.record(id: id))
            throw failure
        }
        // The user may take any time to answer a question; hector-tool limits the calls themselves.
        let timer = command.usesTerminal ? nil : timer(continuation)
        defer {
            timer?.cancel()
            _ = state.withLock { $0.waiting.removeValue(forKey: id) }
        }
        child?.input?.write(record.bytes + [UInt8(ascii: "\n")])
        for await line in lines {
            switch line {
            case .event(let event): try await onEvent(event)
            case .answer(let answer): return try answer.checked(by: name)
            case .failure(let error): throw error
            }
        }
        throw CancellationError()
    }

    package func greeting() async throws -> Record {
        let (lines, continuation) = AsyncStream.makeStream(of: Line.self)
        let (record, failure) = state.withLock { state -> (Record?, StageError?) in
            switch state.greeting {
            case .come(let record)?: return (record, nil)
            case .awaited(let waiters)?: state.greeting = .awaited(waiters + [continuation])
            case nil: state.greeting = .awaited([continuation])
            }
            return (nil, state.failure)
        }
        if let record { return record }
        if let failure {
            trace?.note(name, .from, failure.record(id: nil))
            throw failure
        }
        let timer = timer(continuation)
        defer { timer.cancel() }
        for await line in lines {
            switch line {
            case .event(let record), .answer(let record): return record
            case .failure(let error): throw error
            }
        }
        throw CancellationError()
    }

    /// Ends the wait for an answer that takes too long.
    private func timer(
        _ continuation: AsyncStream<Line>.Continuation
    ) -> Task<Void, any Error> {
        Task { [longestWait] in
            try await Task.sleep(for: longestWait)
            continuation.yield(.failure(silence))
        }
    }

    package var hasFailed: Bool { state.withLock { $0.failure != nil } }

    package func end() async {
        guard let child = state.withLock({ $0.child }) else { return }
        child.input?.close()
        // A cancelled task has to end now.
        if Task.isCancelled { child.signal(SIGTERM) }
        let escalation = Task {
            try await Task.sleep(for: Self.grace)
            child.signal(SIGTERM)
            try await Task.sleep(for: Self.grace)
            child.signal(SIGKILL)
        }
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasExited { state.closers.append(continuation) }
                return state.hasExited
            }
            if hasEnded { continuation.resume() }
        }
        escalation.cancel()
    }

    // MARK: The child's side

    private func receive(_ line: ArraySlice<UInt8>) {
        if line.allSatisfy({ $0 <= 0x20 }) { return }
        trace?.note(name, .from, Array(line))
        guard line.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"),
            let record = try? Record(Array(line))
        else {
            let shown = String(decoding: line.prefix(200), as: UTF8.self)
            fail(misbehaviour("answered with a line that is no record: \(shown)"))
            return
        }
        let id = record.value("id")?.string
        let isEvent = record.has("event")
        let waiters: [AsyncStream<Line>.Continuation]? = state.withLock { state in
            if let id {
                if let waiter = state.waiting[id] { return [waiter] }
                // No task waits for this record any more, or none ever did.
                return state.asked.contains(id) ? [] : nil
            }
            // A command that loses the id can be understood as long as it has only one question.
            if state.waiting.count == 1 { return Array(state.waiting.values) }
            guard state.waiting.isEmpty, !isEvent else { return [] }
            switch state.greeting {
            case .come?: return []
            case .awaited(let waiters)?:
                state.greeting = .come(record)
                return waiters
            case nil:
                state.greeting = .come(record)
                return []
            }
        }
        guard let waiters else {
            fail(misbehaviour("answered with a record that nobody has asked for, '\(id ?? "")'"))
            return
        }
        for waiter in waiters { waiter.yield(isEvent ? .event(record) : .answer(record)) }
    }

    private func note(_ line: ArraySlice<UInt8>) {
        let text = String(decoding: line, as: UTF8.self)
        Diagnostics.line(text)
        state.withLock { state in
            if state.lastWords.count == Self.mostLastWords { state.lastWords.removeFirst() }
            state.lastWords.append(text)
        }
    }

    private func exited(_ ending: Ending) {
        let words = state.withLock { $0.lastWords }
        fail(.died(name, command.text, ending, lastWords: words))
        let closers = state.withLock { state in
            state.hasExited = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    private func fail(_ error: StageError) {
        typealias Waiter = AsyncStream<Line>.Continuation
        let (waiters, greeters) = state.withLock { state -> ([String: Waiter], [Waiter]) in
            if state.failure == nil { state.failure = error }
            defer { state.waiting = [:] }
            guard case .awaited(let greeters)? = state.greeting else { return (state.waiting, []) }
            state.greeting = nil
            return (state.waiting, greeters)
        }
        for id in waiters.keys.sorted() { trace?.note(name, .from, error.record(id: id)) }
        if !greeters.isEmpty { trace?.note(name, .from, error.record(id: nil)) }
        for waiter in Array(waiters.values) + greeters { waiter.yield(.failure(error)) }
    }

    private var silence: StageError {
        StageError(
            name, "timeout",
            "stage '\(name)' (\(command.text)) did not answer within \(longestWait)",
            isRetryable: true, status: .unavailable)
    }

    private func misbehaviour(_ what: String) -> StageError {
        StageError(
            name, "stage_misbehaved", "stage '\(name)' (\(command.text)) \(what)",
            status: .unavailable)
    }
}

extension Record {
    /// - Throws: The record's own error.
    func checked(by stage: String) throws(StageError) -> Record {
        guard let error = value("error") else { return self }
        throw .failed(
            error["stage"]?.string ?? stage, code: error["code"]?.string ?? "failed",
            message: error["message"]?.string ?? error.description,
            isRetryable: error["retryable"]?.bool ?? false)
    }
}
