internal import FilterKit
package import JSON
internal import Synchronization
internal import Unix
internal import Waiting

/// A stage that runs as a child process. It gets records on its standard input and writes answers
/// to its standard output, which ``Correspondence`` matches.
package final class FilterProcess: Sendable {
    package let name: String

    private let command: FilterCommand
    private let greets: Bool
    private let trace: (any LineTrace)?
    private let process = LineProcess()
    private let opening = Latch<Result<Record, StageError>>()
    private let state: Mutex<State>

    private struct State {
        var correspondence: Correspondence<AsyncStream<Line>.Continuation>
        var failure: StageError?
    }

    private enum Line: Sendable {
        case event(Record)
        case answer(Record)
        case failure(StageError)
    }

    private static let longestLine = 256 << 20

    /// The time that a filter has to end cleanly before it is killed.
    private static let grace = Duration.seconds(3)

    /// The longest time to wait for an answer.
    private let longestWait: Duration

    private init(
        _ name: String, _ command: FilterCommand, greets: Bool, _ longestWait: Duration,
        _ trace: (any LineTrace)?
    ) {
        self.name = name
        state = Mutex(State(correspondence: Correspondence(greets: greets)))
        self.command = command
        self.greets = greets
        self.longestWait = longestWait
        self.trace = trace
    }

    /// Starts the process.
    ///
    /// - Parameters:
    ///   - greets: True if the filter writes a line before the first record.
    ///   - longestWait: The longest time to wait for an answer. It should exceed the filter's own
    ///     limit, because the filter can say more about the reason.
    /// - Throws: `StageError`.
    package static func start(
        _ name: String, _ command: FilterCommand, environment: [String: String],
        greets: Bool = false, longestWait: Duration, trace: (any LineTrace)?
    ) async throws -> FilterProcess {
        let stage = FilterProcess(name, command, greets: greets, longestWait, trace)
        do throws(SystemError) {
            try await stage.process.start(
                command.path, arguments: command.arguments,
                environment: environment.map { "\($0)=\($1)" }, takesInput: true,
                usesTerminal: command.usesTerminal, longestLine: longestLine,
                onLine: { output, line in
                    switch output {
                    case .standard: stage.receive(line)
                    case .errors: Diagnostics.line(String(decoding: line, as: UTF8.self))
                    }
                },
                onExit: { stage.exited($0) })
        } catch {
            throw StageError(
                name, "stage_missing", "stage '\(name)': \(error)", status: .unavailable)
        }
        return stage
    }

    // MARK: Requests by tasks

    package func answer(
        _ record: Record, id: String, onEvent: (Record) async throws -> Void
    ) async throws -> Record {
        let (lines, continuation) = AsyncStream.makeStream(of: Line.self)
        // The record is written under the lock, so that records and expected answers have the same
        // order.
        let failure = state.withLock { state in
            if state.failure == nil {
                trace?.note(name, .to, record.bytes)
                state.correspondence.send(id, waiter: continuation)
                process.write(record.bytes + [UInt8(ascii: "\n")])
            }
            return state.failure
        }
        if let failure {
            trace?.note(name, .to, record.bytes)
            trace?.note(name, .from, failure.record(id: id))
            throw failure
        }
        // The user may take any time to answer a question; hector-tool limits the calls themselves.
        let timer = command.usesTerminal ? nil : timer(continuation)
        defer {
            timer?.cancel()
            state.withLock { $0.correspondence.giveUp(id) }
        }
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
        guard let greeting = await opening.wait(atMost: longestWait) else {
            try Task.checkCancellation()
            throw silence
        }
        return try greeting.get()
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
        // A cancelled task has to end now.
        if Task.isCancelled {
            await process.end(grace: Self.grace * 2)
        } else {
            await process.end(after: Self.grace, grace: Self.grace)
        }
    }

    // MARK: Output of the child

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
        switch state.withLock({ $0.correspondence.receive(id, isEvent: isEvent) }) {
        case .waiter(let waiter): waiter.yield(isEvent ? .event(record) : .answer(record))
        case .greeting: opening.set(.success(record))
        case .nobody: break
        case .unknown:
            fail(misbehaviour("answered with a record that nobody has asked for, '\(id ?? "")'"))
        }
    }

    private func exited(_ ending: Ending) {
        fail(.died(name, command.text, ending, lastWords: process.lastLines.lines))
    }

    private func fail(_ error: StageError) {
        let waiters = state.withLock { state in
            if state.failure == nil { state.failure = error }
            return state.correspondence.giveUpAll()
        }
        for (id, waiter) in waiters.sorted(by: { $0.id < $1.id }) {
            trace?.note(name, .from, error.record(id: id))
            waiter.yield(.failure(error))
        }
        if opening.value == nil {
            if greets { trace?.note(name, .from, error.record(id: nil)) }
            opening.set(.failure(error))
        }
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
    package func checked(by stage: String) throws(StageError) -> Record {
        guard let error = value("error") else { return self }
        throw .failed(
            error["stage"]?.string ?? stage, code: error["code"]?.string ?? "failed",
            message: error["message"]?.string ?? error.description,
            isRetryable: error["retryable"]?.bool ?? false)
    }
}
