internal import Agent
internal import Command
internal import JSON
internal import Synchronization
internal import Unix
internal import Waiting

/// A filter that acknowledges records: they go in at one end, and what became of each comes out at
/// the other.
final class Pipeline: Sendable {
    /// What became of a record.
    struct Answer: Sendable {
        let id: String

        /// Nil if it is done.
        let problem: Refusal?

        /// The record itself.
        let line: [UInt8]
    }

    private let command: FilterCommand
    private let process = LineProcess()
    private let state = Mutex(State())

    private struct State {
        /// What the filter has said so far; nil once it is shown as it comes.
        var held: [String]? = []
        var answers: [Answer] = []

        /// The sizes of the records that are under way, by their ids.
        var sizes: [Name: Int] = [:]
        var bytes = 0
        var hasEnded = false

        /// Whether that was before it could know that there is no more.
        var hasEndedEarly = false

        /// Whether nothing more will be sent.
        var isClosed = false

        /// Whether answers have waited long enough to be taken.
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

    /// How much is under way before whoever sends more waits, in bytes and in records.
    private static let mostBytes = 4 << 20
    private static let mostRecords = 2048

    /// Answers that are worth looking at, and how long fewer may wait.
    private static let manyAnswers = 256
    private static let longestWait = Duration.seconds(1)

    /// Starts the filter. What it says is shown from the first record on: if it turns out that
    /// there will be none, nobody needs to know.
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

    /// Hands over records, each a line, as soon as there is room for them.
    ///
    /// - Parameters:
    ///   - sizes: Of each record in bytes, by its id.
    ///   - onAnswers: Gets what comes out meanwhile.
    /// - Returns: Whether there is use in more.
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

    /// Waits until everything has come out.
    ///
    /// - Throws: `Failure`, if records got no answer.
    func finish(onAnswers: ([Answer]) async throws -> Void) async throws {
        state.withLock { $0.isClosed = true }
        process.closeInput()
        showHeld()
        while try await turn() != .ended { try await onAnswers(take()) }
        try await onAnswers(take())
        if let failure = await failure() { throw failure }
    }

    /// What it is time for.
    private enum Turn: Sendable {
        /// To take what has come out.
        case answers
        /// To send more.
        case room
        /// To stop: everything has come out that will.
        case ended
    }

    /// Waits until it is time for something.
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

    /// What has come out since this was last asked.
    func take() -> [Answer] {
        state.withLock { state in
            defer { (state.answers, state.isDue) = ([], false) }
            return state.answers
        }
    }

    /// Why records got no answer, if some did not.
    private func failure() async -> Failure? {
        let ending = await process.ending.waitRegardless()
        switch ending {
        case .exited(let status) where status <= 1: break
        default: return Failure(Self.status(ending), "\(command.text) \(ending)")
        }
        let (unanswered, isEarly) = state.withLock { ($0.sizes.count, $0.hasEndedEarly) }
        if unanswered == 0, !isEarly { return nil }
        return Failure(
            .unavailable,
            command.text + (isEarly ? " ended early" : " lost \(unanswered) records"))
    }

    /// Has the filter end now, and waits for that.
    func cancel() async { await process.end(grace: Subprocess.grace) }

    private static func status(_ ending: Ending) -> ExitStatus {
        if case .exited(let status) = ending { return ExitStatus(rawValue: status) ?? .unavailable }
        return .unavailable
    }

    // MARK: The child's side

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
            // Not for a single place that has become free.
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
        if !isHeld { Talk.line(line) }
    }

    private func showHeld() {
        for line in state.withLock({ $0.held.take() }) ?? [] { Talk.line(line) }
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
