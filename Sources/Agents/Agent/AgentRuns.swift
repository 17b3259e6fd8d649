package import FilterKit
internal import FilterProcesses
internal import JSON
internal import Synchronization
internal import Unix

/// The runs of one process: one question, or one for each line.
package struct AgentRuns: Sendable {
    private let plan: AgentPlan
    private let output: Output
    private let session: Session?
    private let trace: Trace?
    private let jobs: Int
    private let context: InputContext?
    private let progress: FilterKit.Progress?
    private let tally = Tally()
    private let names = Names()

    private static let longestLine = 64 << 20

    /// - Parameters:
    ///   - context: The context that goes with each question.
    ///   - jobs: The number of runs at a time.
    ///   - progress: The place to show how many lines are answered.
    package init(
        _ plan: AgentPlan, _ output: Output, context: InputContext? = nil, session: Session?,
        trace: Trace?, jobs: Int, progress: FilterKit.Progress? = nil
    ) {
        self.plan = plan
        self.output = output
        self.context = context
        self.progress = progress
        self.session = session
        self.trace = trace
        self.jobs = jobs
    }

    /// The results of the runs.
    private final class Tally: Sendable {
        private let statuses = Mutex([ExitStatus]())

        func add(_ status: ExitStatus) { statuses.withLock { $0.append(status) } }

        /// The number of runs, and of those without an answer.
        var report: Report {
            statuses.withLock { statuses in
                Report(
                    records: statuses.count,
                    failed: statuses.count { $0 != .success && $0 != .notPermitted })
            }
        }

        /// The status of the failures if they all have the same one; a run that failed or was
        /// denied is never a success.
        var status: ExitStatus {
            let failures = Set(statuses.withLock { $0 }).subtracting([.success])
            return failures.count > 1 ? .incomplete : failures.first ?? .success
        }
    }

    /// The names of records in the stages, which have to distinguish them.
    private final class Names: Sendable {
        private let taken = Mutex(Set<String>())

        /// Returns the run's own id if no run before had it, or else a variant of it.
        func name(for id: String) -> String {
            taken.withLock { taken in
                var name = id
                var number = 1
                while !taken.insert(name).inserted {
                    number += 1
                    name = "\(id)~\(number)"
                }
                return name
            }
        }
    }

    /// Answers one question.
    ///
    /// - Throws: `OutputError`, `CancellationError`.
    package func answer(_ question: String, _ stages: AgentStages) async throws -> ExitStatus {
        _ = try await run("1", question, stages) { try await output.show($0, run: "1") }
        return tally.status
    }

    /// Answers the questions of a recording.
    package func answer(_ recording: Recording, _ stages: AgentStages) async throws -> ExitStatus {
        for question in recording.questions {
            _ = try await run(question, stages, of: recording) {
                try await output.show($0, run: question.run)
            }
        }
        return tally.status
    }

    /// Answers each line of standard input, in order.
    package func answerLines(_ stages: AgentStages) async throws -> ExitStatus {
        let reader = LineReader(separator: UInt8(ascii: "\n"), longest: Self.longestLine)
        let order = OutputOrder()
        try await withThrowingTaskGroup { group in
            var running = 0
            while let line = try await reader.next() {
                guard let question = question(line, reader.lineNumber) else { continue }
                if running == jobs {
                    guard try await group.next() == true else { break }
                    running -= 1
                }
                running += 1
                // The events of several runs side by side would mix, which is fine only if they
                // name their run.
                if jobs == 1 || output.mayMix {
                    group.addTask {
                        try await answer(question, stages) { try await output.show($0, run: $1) }
                    }
                    continue
                }
                let place = order.next()
                group.addTask {
                    return try await order.inTurn(place) { later in
                        try await answer(question, stages) { event, run in
                            later.add { try await output.show(event, run: run) }
                        }
                    }
                }
            }
            while try await group.next() != nil {}
        }
        progress?.finish(tally.report)
        try Task.checkCancellation()
        return tally.status
    }

    /// The question of a line, or the reason why it cannot be understood.
    private struct Line: Sendable {
        let id: String
        let text: Result<String, RecordError>
    }

    /// Reads a line, which is a question or a record with one. Returns nil for an empty line.
    private func question(_ line: LineReader.Line, _ number: Int) -> Line? {
        func bad(_ code: String, _ message: String) -> Line {
            Line(id: "\(number)", text: .failure(RecordError(code, message)))
        }
        guard case .bytes(var bytes) = line else {
            return bad("line_too_long", "longer than \(Self.longestLine >> 20) MiB")
        }
        if bytes.allSatisfy({ $0 <= 0x20 }) { return nil }
        if bytes.first == UInt8(ascii: "{"), let record = try? Record(bytes) {
            return Line(
                id: record.value("id")?.string ?? "\(number)",
                text: Result { () throws(RecordError) in try record.content(field: nil) })
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return bad("invalid_text", "it is not UTF-8")
        }
        return Line(id: "\(number)", text: .success(text))
    }

    /// - Returns: False if another run would be pointless.
    private func answer(
        _ line: Line, _ stages: AgentStages,
        _ emit: @escaping @Sendable (Event, _ run: String) async throws -> Void
    ) async throws -> Bool {
        defer { progress?.show(tally.report) }
        switch line.text {
        case .success(let text):
            return try await run(line.id, text, stages) { try await emit($0, line.id) }
        case .failure(let error):
            tally.add(.incomplete)
            try await emit(
                Event(failure: StageError("input", error.code, error.message)), line.id)
            Diagnostics.error("run '\(line.id)': \(error.message)")
            return true
        }
    }

    private func run(
        _ id: String, _ question: String, _ stages: AgentStages,
        _ emit: @escaping @Sendable (Event) async throws -> Void
    ) async throws -> Bool {
        let history = try session?.entries().flatMap(\.messages) ?? []
        let message = UserMessage(question, context: context)
        return try await run(Question(run: id, message: message, history: history), stages, emit)
    }

    /// - Returns: False if another run would be pointless.
    private func run(
        _ question: Question, _ stages: AgentStages, of recording: Recording? = nil,
        _ emit: @escaping @Sendable (Event) async throws -> Void
    ) async throws -> Bool {
        let question = Question(
            run: names.name(for: question.run), message: question.message,
            history: question.history)
        trace?.note(question)
        let outcome = try await AgentRun(plan, stages, id: question.run)
            .run(question.message, history: question.history, emit: emit)
        // Even if this run has failed, the next run has to know the work of its tools.
        try session?.append(outcome, agent: plan.name)
        guard let error = outcome.failure else {
            tally.add(outcome.hasDenied ? .notPermitted : .success)
            return true
        }
        try Task.checkCancellation()
        tally.add(error.status)
        // A difference between a run and its recording is reported at the end.
        if error != recording?.difference { Diagnostics.error(error.summary) }
        return !error.isFinal
    }
}

extension StageError {
    /// True if the stage can no longer answer anything.
    fileprivate var isFinal: Bool {
        ["stage_died", "stage_missing", "stage_misbehaved"].contains(code)
    }
}

extension AgentStages {
    /// Does the same as ``with(_:environment:trace:_:)``, with a failure to start reported as a
    /// command's failure.
    package static func withFailures<R: Sendable>(
        _ plan: AgentPlan, _ trace: Trace?, _ body: (AgentStages) async throws -> R
    ) async throws -> R {
        do {
            return try await with(
                plan, environment: Environment.current, trace: trace, body)
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
    }
}
