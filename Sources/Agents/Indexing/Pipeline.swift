internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Synchronization
internal import Unix
internal import Waiting

/// A filter that stores or embeds records, and answers each of them.
final class Pipeline: Sendable {
    /// The result for a record.
    struct Answer: Sendable {
        let id: String

        /// The problem; nil if there is none.
        let problem: Refusal?

        /// The record's line.
        let line: [UInt8]
    }

    private let command: FilterCommand
    private let process = LineProcess()
    private let state = Mutex(State())

    private struct State {
        /// The filter's messages so far; nil once they are shown immediately.
        var held: [String]? = []
        var answers: [Answer] = []

        /// The sizes of the records that have not been answered, by their ids.
        var sizes: [Name: Int] = [:]
        var bytes = 0
        var hasEnded = false

        /// True if the filter ended before it could know that there were no more records.
        var hasEndedEarly = false

        /// True if no more records will be sent.
        var isClosed = false

        /// True if answers have waited long enough to be taken.
        var isDue = false
        var waiter: CheckedContinuation<Void, Never>?

        var turn: Turn? {
            if answers.count >= Pipeline.manyAnswers || (isDue && !answers.isEmpty) {
                return .answers
            }
            if hasEnded { return .ended }
            let hasRoom =
                bytes < Pipeline.mostBytes && sizes.count < Pipeline.mostRecords && !isClosed
            return hasRoom ? .room : nil
        }
    }

    private static let longestLine = 256 << 20

    /// The number of bytes and of records that may be unanswered before the sender has to wait.
    private static let mostBytes = 4 << 20
    private static let mostRecords = 2048

    /// The number of answers that are taken at once, and the longest time that fewer of them wait.
    private static let manyAnswers = 256
    private static let longestWait = Duration.seconds(1)

    /// Starts the filter. Its messages are held back until the first record is sent: without a
    /// record, the user need not see them.
    ///
    /// - Throws: `Failure`.
    static func start(
        _ command: FilterCommand, environment: [String: String]
    ) async throws(Failure) -> Pipeline {
        let pipeline = Pipeline(command)
        do throws(SystemError) {
            try await pipeline.process.start(
                command.path, arguments: command.arguments,
                environment: environment.map { "\($0)=\($1)" }, takesInput: true,
                longestLine: longestLine,
                onLine: { output, line in
                    switch output {
                    case .standard: pipeline.receive(line)
                    case .errors: pipeline.show(String(decoding: line, as: UTF8.self))
                    }
                },
                onExit: { _ in pipeline.hasEnded() })
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
        return pipeline
    }

    private init(_ command: FilterCommand) { self.command = command }

    /// Sends records, each a line, as soon as there is room for them.
    ///
    /// - Parameters:
    ///   - sizes: The size of each record in bytes, by its id.
    ///   - onAnswers: Gets the answers that arrive in the meantime.
    /// - Returns: False if sending more is useless.
    func send(
        _ lines: [UInt8], sizes: [(id: String, size: Int)],
        onAnswers: ([Answer]) async throws -> Void
    ) async throws -> Bool {
        while true {
            switch try await turn() {
            case .answers: try await onAnswers(take())
            case .ended: return false
            case .room:
                showHeld()
                state.withLock { state in
                    for (id, size) in sizes {
                        state.sizes[Name(id)] = size
                        state.bytes += size
                    }
                }
                process.write(lines)
                return true
            }
        }
    }

    /// Waits until all records have been answered.
    ///
    /// - Throws: `Failure`, if records were not answered.
    func finish(onAnswers: ([Answer]) async throws -> Void) async throws {
        state.withLock { $0.isClosed = true }
        process.closeInput()
        showHeld()
        while try await turn() != .ended { try await onAnswers(take()) }
        try await onAnswers(take())
        if let failure = await failure() { throw failure }
    }

    /// The next thing to do.
    private enum Turn: Sendable {
        /// Take the answers that have arrived.
        case answers
        /// Send more records.
        case room
        /// Stop, because no more answers will arrive.
        case ended
    }

    /// Waits until there is something to do.
    private func turn() async throws -> Turn {
        let timer = Task {
            try await Task.sleep(for: Self.longestWait)
            let waiter = state.withLock { state in
                state.isDue = true
                return state.waiter.take()
            }
            waiter?.resume()
        }
        defer { timer.cancel() }
        while true {
            try Task.checkCancellation()
            if let turn = state.withLock({ $0.turn }) { return turn }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if state.turn != nil || Task.isCancelled { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.waiter.take() }?.resume()
            }
        }
    }

    /// Returns the answers that have arrived since the last call.
    func take() -> [Answer] {
        state.withLock { state in
            defer { (state.answers, state.isDue) = ([], false) }
            return state.answers
        }
    }

    /// Returns the reason why records were not answered, if there are any.
    private func failure() async -> Failure? {
        let ending = await process.ending.waitRegardless()
        let (unanswered, isEarly) = state.withLock { ($0.sizes.count, $0.hasEndedEarly) }
        switch ending {
        case .exited(let status) where status <= 1: break
        // The records that failed because a limit is exhausted have been answered with that.
        case .exited(ExitStatus.tryLater.rawValue) where unanswered == 0 && !isEarly: return nil
        default: return Failure(Self.status(ending), "\(command.text) \(ending)")
        }
        if unanswered == 0, !isEarly { return nil }
        return Failure(
            .unavailable,
            command.text + (isEarly ? " ended early" : " lost \(unanswered) records"))
    }

    /// Ends the filter at once, and waits for its end.
    func cancel() async { await process.end(grace: Subprocess.grace) }

    private static func status(_ ending: Ending) -> ExitStatus {
        if case .exited(let status) = ending { return ExitStatus(rawValue: status) ?? .unavailable }
        return .unavailable
    }

    // MARK: Callbacks of the process

    private func receive(_ line: ArraySlice<UInt8>) {
        guard let record = try? Record(Array(line)), let id = record.value("id")?.string else {
            return
        }
        let problem = record.value("error").map { error in
            Refusal(
                code: error["code"]?.string ?? "",
                reason: error["message"]?.string ?? error.description)
        }
        let waiter = state.withLock { state in
            if let size = state.sizes.removeValue(forKey: Name(id)) { state.bytes -= size }
            state.answers.append(Answer(id: id, problem: problem, line: record.bytes))
            // The sender is woken only when there is room for many records.
            let hasMuchRoom =
                state.bytes < Self.mostBytes / 2 && state.sizes.count < Self.mostRecords / 2
                && !state.isClosed
            return hasMuchRoom || state.isDue || state.answers.count >= Self.manyAnswers
                ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    private func show(_ line: String) {
        let isHeld = state.withLock { state in
            state.held?.append(line)
            return state.held != nil
        }
        if !isHeld { Diagnostics.line(line) }
    }

    private func showHeld() {
        for line in state.withLock({ $0.held.take() }) ?? [] { Diagnostics.line(line) }
    }

    private func hasEnded() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            state.hasEndedEarly = !state.isClosed
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
