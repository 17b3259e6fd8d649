internal import JSON
internal import Synchronization
package import Unix
internal import Waiting

/// The totals of a run over records.
package struct Report: Sendable {
    /// The number of records read.
    package var records = 0

    /// The number of records that failed here or had failed before they came here.
    package var failed = 0

    /// The number of those that failed because a rate limit or a quota is exhausted.
    fileprivate(set) var exhausted = 0

    package init(records: Int = 0, failed: Int = 0) {
        self.records = records
        self.failed = failed
    }

    /// Trying later helps only if it helps all that failed.
    package var status: ExitStatus {
        if failed == 0 { return .success }
        return failed == exhausted ? .tryLater : .incomplete
    }
}

/// Passes records through a stage: in order, many at a time, in bounded memory, and without waiting
/// for a unit to fill up.
///
/// - Parameters:
///   - texts: Records from the command line, used instead of standard input.
///   - reader: The lines of standard input, if some have already been looked at.
///   - interimOutput: The means for the stage to write between records.
/// - Throws: `OutputError` or `SystemError` if a stream fails, and the stage's `Failure` if the
///   stage cannot go on.
package func filter(
    through stage: any FilterStage, _ options: FilterOptions, texts: [String] = [],
    reader: LineReader? = nil, interimOutput: InterimOutput? = nil
) async throws -> Report {
    if options.quiet { Diagnostics.beQuiet() }
    let run = try FilterRun(stage, options, texts, reader)
    interimOutput?.connect { await run.say($0) }
    return try await run.run()
}

/// A single run of the loop.
private final class FilterRun: Sendable {
    private let stage: any FilterStage
    private let options: FilterOptions
    private let input: Input
    private let sequencer: Sequencer
    private let errorFile: OutputFile?
    private let tickets = TicketLock()
    private let report = Mutex(Report())
    private let progress: Progress?
    private let terminator: UInt8
    private let clock = ContinuousClock()

    /// The number of input bytes at which a unit ends. Go's gRPC accepts messages of up to 4 MiB,
    /// and the same text may be longer on the wire than in JSON.
    private static let longestUnit = 1 << 20

    /// The number of lines at which a unit is enough work for a thread other than the one that
    /// waits for input and answers.
    private static let manyLines = 8

    init(
        _ stage: any FilterStage, _ options: FilterOptions, _ texts: [String], _ reader: LineReader?
    ) throws(SystemError) {
        self.stage = stage
        self.options = options
        input = Input(options, texts: texts, reader: reader)
        let window = options.window
        sequencer = Sequencer(
            isOrdered: !options.unordered, window: window.bytes,
            spill: options.spill
                ? try SpilledOutputs(in: Environment.current["TMPDIR"] ?? "/tmp") : nil
        ) { waiting in
            Diagnostics.warn(
                "a record takes long, and \(waiting) calls after it are done and fill the window of "
                    + "\(window.defaultValueDescription): reading waits for it; --unordered writes "
                    + "records as they are done, --window makes more room, and --spill a file")
        }
        errorFile = if let path = options.errors { try OutputFile(creating: path) } else { nil }
        progress = options.progress && !options.quiet ? Progress() : nil
        terminator = options.null ? 0 : UInt8(ascii: "\n")
    }

    func run() async throws -> Report {
        let start = clock.now
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.write() }
            group.addTask { try await self.read() }
            // Also closed if a stream has failed, so that neither task waits for the other.
            defer { sequencer.close() }
            // Once the writer has written its last output, reading on is useless.
            while try await group.next() != nil {
                if sequencer.isOver { group.cancelAll() }
            }
        }
        let report = report.withLock { $0 }
        progress?.finish(report)
        if options.summary { Diagnostics.line(report.summary(of: stage, in: clock.now - start)) }
        try Task.checkCancellation()
        if let failure = stage.failure { throw failure }
        return report
    }

    /// Writes a line at once, between records.
    func say(_ line: [UInt8]) async { await sequencer.say(line + [terminator]) }

    /// Begins units of work as long as there is input.
    private func read() async throws {
        defer { sequencer.close() }
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let capacity = stage.capacity
                guard await sequencer.waitForTurn(parallel: capacity.parallel) else { return }
                let lines = try await nextUnit(capacity.unit)
                if lines.isEmpty { return }
                let size = lines.reduce(0) { $0 + $1.size }
                let number = sequencer.begin(size: size)
                let ticket = stage.dependsOnOrder ? tickets.draw() : nil
                let place = lines.count >= Self.manyLines ? globalConcurrentExecutor : nil
                group.addTask(executorPreference: place) {
                    let output = await self.work(lines, ticket)
                    await ticket?.giveUp()
                    self.sequencer.finish(number, size: size, output)
                }
            }
        }
    }

    /// Waits for one line and takes the others that are already there.
    private func nextUnit(_ count: Int) async throws(SystemError) -> [Input.Line] {
        guard let first = try await input.next() else { return [] }
        if count == 1 { return [first] }
        var lines = [first]
        var size = first.size
        while lines.count < count, size < Self.longestUnit, let line = try input.nextIfReady() {
            lines.append(line)
            size += line.size
        }
        return lines
    }

    private func work(
        _ lines: [Input.Line], _ ticket: TicketLock.Ticket?
    ) async -> Sequencer.Output {
        var parsed: [Parsed] = []
        parsed.reserveCapacity(lines.count)
        var records: [Record] = []
        for line in lines {
            do throws(RecordError) {
                guard let record = try line.record(longest: options.maxLine.bytes) else { continue }
                if record.has("error") {
                    parsed.append(Parsed(line: line.number, state: .failedBefore(record)))
                } else {
                    parsed.append(Parsed(line: line.number, state: .record(records.count)))
                    records.append(record)
                }
            } catch {
                parsed.append(Parsed(line: line.number, state: .bad(error)))
            }
        }
        let outcomes = records.isEmpty ? [] : await stage.process(records, ticket)
        return render(parsed, records, outcomes)
    }

    /// A line of the input and the facts known about it before the stage has seen it.
    private struct Parsed {
        let line: Int
        let state: State

        enum State {
            /// The index of the record among those that the stage got.
            case record(Int)
            case failedBefore(Record)
            case bad(RecordError)
        }
    }

    private func render(
        _ parsed: [Parsed], _ records: [Record], _ outcomes: [Outcome]
    ) -> Sequencer.Output {
        var output = Sequencer.Output()
        var added = Report()
        // A plugin that never worked is one error, not one for each record.
        let neverWorked = stage.failure != nil && report.withLock { $0.records == $0.failed }
        for item in parsed {
            added.records += 1
            var failed: [UInt8]?
            var isExhausted = false
            switch item.state {
            case .failedBefore(let record):
                failed = record.bytes
                isExhausted = RecordError.isExhausted(record)
            case .bad(let error):
                failed =
                    Array(#"{"error":"#.utf8) + error.json(stage: stage.name, line: item.line)
                    + [UInt8(ascii: "}")]
            case .record(let index):
                switch outcomes[index] {
                case .nothing: break
                case .record(let record):
                    output.records += record.bytes
                    output.records.append(terminator)
                case .text(let lines): output.records += lines
                case .failure where neverWorked: break
                case .failure(let error):
                    var record = records[index]
                    record.set("error", json: error.json(stage: stage.name, line: item.line))
                    failed = record.bytes
                    isExhausted = error.code == RecordError.exhausted
                }
            }
            guard let failed else { continue }
            added.failed += 1
            if isExhausted { added.exhausted += 1 }
            if errorFile == nil {
                output.records += failed
                output.records.append(terminator)
            } else {
                output.errors += failed
                output.errors.append(terminator)
            }
            if options.failFast {
                output.isLast = true
                break
            }
        }
        if stage.failure != nil { output.isLast = true }
        report.withLock {
            $0.records += added.records
            $0.failed += added.failed
            $0.exhausted += added.exhausted
        }
        return output
    }

    /// Writes finished output until all of it is written.
    private func write() async throws {
        let records = LineWriter()
        let errors = errorFile.map { LineWriter($0) }
        while true {
            let outputs = await sequencer.take()
            if outputs.isEmpty { break }
            for output in outputs {
                let isSpilled = output.spilled != nil
                let output = try sequencer.loaded(output)
                records.append(output.records)
                errors?.append(output.errors)
                // The spilled output may be larger than memory.
                if isSpilled, records.isFull {
                    try await records.flush()
                    try await errors?.flush()
                }
            }
            try await records.flush()
            try await errors?.flush()
            sequencer.release(outputs)
            progress?.show(report.withLock { $0 })
        }
        try await records.finish()
        try await errors?.finish()
    }
}

extension Report {
    /// Returns the summary as one line of JSON.
    fileprivate func summary(of stage: any FilterStage, in duration: Duration) -> String {
        let seconds =
            Double(duration.components.seconds)
            + Double(duration.components.attoseconds) / 1e18
        let rounded = (seconds * 1000).rounded() / 1000
        let restarts = stage.restarts.map { #","restarts":\#($0)"# } ?? ""
        return
            #"{"stage":"\#(stage.name)","records":\#(records),"failed":\#(failed)\#(restarts),"#
            + #""seconds":\#(rounded)}"#
    }
}
