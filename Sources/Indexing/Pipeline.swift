internal import Agent
internal import Command
internal import Glibc
internal import JSON
internal import Synchronization
internal import Unix

/// Filters in a row: records go in at one end, and what became of each comes out at the other.
///
/// The filters are connected by the kernel, so that what one says to the next does not come by
/// here.
final class Pipeline: Sendable {
    /// What became of a record.
    struct Answer: Sendable {
        let id: String

        /// Nil if it is done.
        let problem: String?

        /// The record itself.
        let line: [UInt8]
    }

    private let commands: [FilterCommand]
    private let ends: [End]
    private let state = Mutex(State())

    private struct State {
        var children: [Child] = []
        var answers: [Answer] = []

        /// The sizes of the records that are under way, by their ids.
        var sizes: [String: Int] = [:]
        var bytes = 0
        var hasEnded = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private static let longestLine = 256 << 20

    /// How much is under way before whoever sends more waits, in bytes and in records.
    private static let mostBytes = 4 << 20
    private static let mostRecords = 2048

    /// How long filters have to end in order before they are made to.
    private static let grace = Duration.seconds(5)

    /// Starts the filters.
    ///
    /// - Throws: `Failure`.
    static func start(
        _ commands: [FilterCommand], environment: [String: String]
    ) async throws -> Pipeline {
        let pipeline = Pipeline(commands)
        do throws(SystemError) {
            var source: Link?
            for (place, command) in commands.enumerated() {
                let isLast = place == commands.count - 1
                let destination = isLast ? nil : try Link()
                let child = try await Child.launch(
                    command.path, arguments: command.arguments,
                    environment: environment.map { "\($0)=\($1)" }, takesInput: place == 0,
                    input: source, output: destination, longestLine: longestLine,
                    onLine: { output, line in
                        switch output {
                        case .standard: pipeline.receive(line)
                        case .errors: Talk.line(String(decoding: line, as: UTF8.self))
                        }
                    },
                    onExit: { ending in
                        pipeline.ends[place].come(ending)
                        if isLast { pipeline.hasEnded() }
                    })
                pipeline.state.withLock { $0.children.append(child) }
                source = destination
            }
        } catch {
            pipeline.signal(SIGKILL)
            throw Failure(.unavailable, "\(error)")
        }
        return pipeline
    }

    private init(_ commands: [FilterCommand]) {
        self.commands = commands
        ends = commands.map { _ in End() }
    }

    /// Hands over records, each a line.
    ///
    /// - Parameter sizes: Of each record in bytes, by its id.
    func send(_ lines: [UInt8], sizes: [(id: String, size: Int)]) {
        let child = state.withLock { state in
            for (id, size) in sizes {
                state.sizes[id] = size
                state.bytes += size
            }
            return state.children.first
        }
        child?.input?.write(lines)
    }

    /// Waits until there is room for more, or no use in sending it.
    ///
    /// - Returns: Whether there is a use.
    func waitForRoom() async throws -> Bool {
        try await wait { state in
            state.hasEnded
                || (state.bytes < Self.mostBytes && state.sizes.count < Self.mostRecords)
        }
        return state.withLock { !$0.hasEnded }
    }

    /// What has come out since this was last asked.
    func take() -> [Answer] {
        state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// Waits until everything has come out, and the filters have ended.
    ///
    /// - Returns: Why records got no answer, if some did not.
    func finish() async throws -> Failure? {
        state.withLock { $0.children.first }?.input?.close()
        try await wait { $0.hasEnded }
        var failure: Failure?
        for (command, end) in zip(commands, ends).reversed() {
            let ending = await end.value()
            if case .exited(let status) = ending, status <= 1 { continue }
            failure = Failure(Self.status(ending), "\(command.text) \(ending)")
        }
        let unanswered = state.withLock { $0.sizes.count }
        if unanswered == 0 { return nil }
        return failure
            ?? Failure(
                .unavailable, "\(commands[commands.count - 1].text) lost \(unanswered) records")
    }

    /// Has the filters end now, and waits for that.
    func cancel() async {
        signal(SIGTERM)
        let escalation = Task {
            try await Task.sleep(for: Self.grace)
            signal(SIGKILL)
        }
        for end in ends.prefix(state.withLock { $0.children.count }) { _ = await end.value() }
        escalation.cancel()
    }

    private func signal(_ number: Int32) {
        for child in state.withLock({ $0.children }) { child.signal(number) }
    }

    private static func status(_ ending: Ending) -> ExitStatus {
        if case .exited(let status) = ending { return ExitStatus(rawValue: status) ?? .unavailable }
        return .unavailable
    }

    private func wait(until isDone: @escaping @Sendable (State) -> Bool) async throws {
        while true {
            try Task.checkCancellation()
            if state.withLock({ isDone($0) }) { return }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if isDone(state) || Task.isCancelled { return true }
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

    // MARK: The children's side

    private func receive(_ line: ArraySlice<UInt8>) {
        guard let record = try? Record(Array(line)), let id = record.value("id")?.string else {
            return
        }
        let error = record.value("error")
        let problem = error.map { $0["message"]?.string ?? $0.description }
        let waiter = state.withLock { state in
            if let size = state.sizes.removeValue(forKey: id) { state.bytes -= size }
            state.answers.append(Answer(id: id, problem: problem, line: record.bytes))
            // It would wake for nothing at each of them.
            let isWorthIt =
                state.bytes < Self.mostBytes / 2 && state.sizes.count < Self.mostRecords / 2
            return isWorthIt ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    private func hasEnded() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
