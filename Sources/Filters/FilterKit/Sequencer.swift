internal import Synchronization
internal import Unix

/// Puts units of work that end in any order back into the order in which they began, and holds work
/// back while too much output waits.
final class Sequencer: Sendable {
    /// The output of a unit of work.
    struct Output: Sendable {
        var records: [UInt8] = []
        /// Failed records, if they go to a separate file.
        var errors: [UInt8] = []
        /// True if no output may come after this one.
        var isLast = false

        /// The place of records and errors in the file, if they are not here.
        var spilled: SpilledOutputs.Entry?

        /// The reason why output in the file cannot be read. No output comes after it.
        var failure: SystemError?

        /// The bytes that a unit takes besides its text. Zero for lines written between records.
        var overhead = 0

        /// The number of bytes in memory.
        fileprivate var size: Int { records.count + errors.count + overhead }
    }

    private let state: Mutex<State>

    fileprivate struct State {
        let isOrdered: Bool
        /// The number of the next unit to begin.
        var next = 0
        /// The number of the next unit to write.
        var head = 0
        var running = 0
        /// Units that are done and wait for an earlier one.
        var done: [Int: Output] = [:]
        /// The file for other finished units, and the number of units in it.
        let spill: SpilledOutputs?
        var spilledCount = 0
        /// The outputs that can be written.
        var ready: [Output] = []
        /// The bytes of input in work and of output not yet taken.
        var held = 0
        let window: Int
        var hasReported = false
        var isClosed = false
        /// True once the last output has come; later output is dropped.
        var isOver = false
        var parallel = 1
        var starter: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        /// Units that wait until the lines they wrote between records are taken.
        var speakers: [CheckedContinuation<Void, Never>] = []

        var mayStart: Bool {
            isClosed || (running < parallel && held < window)
        }

        /// Returns the number of finished units that are held back because an earlier one is not
        /// finished. Returns nil if none is, and once the number has been reported.
        mutating func newlyHeldBack() -> Int? {
            guard !hasReported, !isClosed, starter != nil, running < parallel, held >= window,
                ready.isEmpty, !done.isEmpty
            else { return nil }
            hasReported = true
            return done.count
        }

        var maySay: Bool { isClosed || ready.isEmpty || held < Sequencer.mostSaid }

        var mayWrite: Bool { !ready.isEmpty || (isClosed && running == 0) }
    }

    /// The number of bytes after which a unit that writes between records has to wait.
    private static let mostSaid = 1 << 20

    /// The number of units that are made ready to be written at a time.
    fileprivate static let mostReady = 1024

    /// The bytes that a unit takes in memory besides its text.
    private static let overhead = 160

    private let spill: SpilledOutputs?
    private let onHeldBack: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - window: The bytes that may be in work, or wait for an earlier unit or a slow reader. One
    ///     unit more than that may be held.
    ///   - spill: The file for output beyond the window that waits for an earlier unit.
    ///   - onHeldBack: Gets, once, the number of finished units that fill the window because an
    ///     earlier one is not finished.
    init(
        isOrdered: Bool, window: Int = 64 << 20, spill: SpilledOutputs? = nil,
        onHeldBack: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        state = Mutex(State(isOrdered: isOrdered, spill: spill, window: window))
        self.spill = spill
        self.onHeldBack = onHeldBack
    }

    /// Waits until another unit may begin.
    ///
    /// - Parameter parallel: The number of units that may run at once.
    /// - Returns: False if another unit would be useless.
    func waitForTurn(parallel: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (mayStart, heldBack) = state.withLock { state -> (Bool, Int?) in
                    state.parallel = parallel
                    if state.mayStart || Task.isCancelled { return (true, nil) }
                    state.starter = continuation
                    return (false, state.newlyHeldBack())
                }
                if mayStart { continuation.resume() }
                if let heldBack { onHeldBack(heldBack) }
            }
        } onCancel: {
            state.withLock { $0.starter.take() }?.resume()
        }
        return !Task.isCancelled && state.withLock { !$0.isClosed }
    }

    /// - Parameter size: The bytes of input.
    /// - Returns: The unit's number.
    func begin(size: Int) -> Int {
        state.withLock { state in
            state.running += 1
            state.held += size + Self.overhead
            defer { state.next += 1 }
            return state.next
        }
    }

    /// - Parameter size: The size that was given to `begin`.
    func finish(_ number: Int, size: Int, _ output: Output) {
        let entry = spilled(output, of: number, size: size)
        let (starter, writer, heldBack) = state.withLock { state in
            state.running -= 1
            state.held -= size + Self.overhead
            state.finish(number, output, entry, overhead: Self.overhead)
            let (starter, writer) = state.wakeable()
            return (starter, writer, state.newlyHeldBack())
        }
        starter?.resume()
        writer?.resume()
        if let heldBack { onHeldBack(heldBack) }
    }

    /// Writes the output of a unit to the file if there is one and the window is half full; the
    /// rest of the window is for units in work.
    ///
    /// - Returns: Nil for output that stays in memory, which includes the case of a full disk.
    private func spilled(_ output: Output, of number: Int, size: Int) -> SpilledOutputs.Entry? {
        guard let spill else { return nil }
        let growth = output.records.count + output.errors.count - size
        guard
            state.withLock({ $0.isOrdered && number != $0.head && $0.held + growth > $0.window / 2 }
            )
        else { return nil }
        return try? spill.append(output)
    }

    /// Returns the output with all its bytes in memory; bytes in the file are read once.
    func loaded(_ output: Output) throws(SystemError) -> Output {
        if let failure = output.failure { throw failure }
        guard let spill, let entry = output.spilled else { return output }
        return try spill.take(entry)
    }

    /// Writes bytes at once, for a unit that has not finished. Suspends while too much waits to be
    /// written.
    func say(_ bytes: [UInt8]) async {
        let (writer, mayGoOn) = state.withLock { state in
            state.held += bytes.count
            state.add(Output(records: bytes))
            return (state.mayWrite ? state.writer.take() : nil, state.maySay)
        }
        writer?.resume()
        if mayGoOn { return }
        await withCheckedContinuation { continuation in
            let mayGoOn = state.withLock { state in
                if state.maySay { return true }
                state.speakers.append(continuation)
                return false
            }
            if mayGoOn { continuation.resume() }
        }
    }

    /// True if the last output has come before the end of the input.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Ends the work: no further unit will begin.
    func close() {
        let (starter, writer, speakers) = state.withLock { state in
            state.isClosed = true
            let (starter, writer) = state.wakeable()
            defer { state.speakers = [] }
            return (starter, writer, state.speakers)
        }
        starter?.resume()
        writer?.resume()
        for speaker in speakers { speaker.resume() }
    }

    /// Waits for outputs to write, in order. Returns an empty array when all are written.
    func take() async -> [Output] {
        await withCheckedContinuation { continuation in
            let mayWrite = state.withLock { state in
                if state.mayWrite { return true }
                state.writer = continuation
                return false
            }
            if mayWrite { continuation.resume() }
        }
        let (ready, speakers) = state.withLock { state in
            let taken = (state.ready, state.speakers)
            (state.ready, state.speakers) = ([], [])
            state.advance()
            return taken
        }
        for speaker in speakers { speaker.resume() }
        return ready
    }

    /// Counts outputs that were taken as out of memory.
    func release(_ outputs: [Output]) {
        let (starter, writer) = state.withLock { state in
            for output in outputs { state.held -= output.size }
            return state.wakeable()
        }
        starter?.resume()
        writer?.resume()
    }
}

extension Sequencer.State {
    /// - Parameter entry: The place of the output in the file, if it is there.
    fileprivate mutating func finish(
        _ number: Int, _ output: Sequencer.Output, _ entry: SpilledOutputs.Entry?, overhead: Int
    ) {
        // The unit before it may have ended in the meantime, and output without an entry stays in
        // memory.
        if let spill, let entry, number != head, (try? spill.set(number, entry)) != nil {
            spilledCount += 1
            return
        }
        var output = output
        output.overhead = overhead
        held += output.size
        if isOrdered, number != head {
            done[number] = output
        } else {
            head += 1
            add(output)
            advance()
        }
    }

    /// Makes ready the outputs that waited for units which are now finished.
    fileprivate mutating func advance() {
        while ready.count < Sequencer.mostReady, let output = removeDone(head) {
            head += 1
            add(output)
        }
    }

    private mutating func removeDone(_ number: Int) -> Sequencer.Output? {
        if let output = done.removeValue(forKey: number) { return output }
        guard spilledCount > 0, let spill else { return nil }
        do throws(SystemError) {
            guard let entry = try spill.entry(number) else { return nil }
            spilledCount -= 1
            return Sequencer.Output(isLast: entry.isLast, spilled: entry)
        } catch {
            return Sequencer.Output(isLast: true, failure: error)
        }
    }

    fileprivate mutating func add(_ output: Sequencer.Output) {
        guard !isOver else {
            held -= output.size
            return
        }
        ready.append(output)
        if output.isLast {
            isOver = true
            isClosed = true
        }
    }

    fileprivate mutating func wakeable() -> (
        CheckedContinuation<Void, Never>?, CheckedContinuation<Void, Never>?
    ) {
        (mayStart ? starter.take() : nil, mayWrite ? writer.take() : nil)
    }
}
