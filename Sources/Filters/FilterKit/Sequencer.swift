internal import Synchronization
internal import Unix

/// Puts units of work that end in any order back into the order they began in,
/// and holds work back while too much waits.
final class Sequencer: Sendable {
    /// What a unit of work has to say.
    struct Output: Sendable {
        var records: [UInt8] = []
        /// Failed records, when they go elsewhere.
        var errors: [UInt8] = []
        /// Nothing may come after it.
        var isLast = false

        /// Where records and errors are kept meanwhile, if not here.
        var spilled: SpilledOutputs.Entry?

        /// Why what is in the file cannot be read. Nothing comes after it.
        var failure: SystemError?

        /// Bytes that a unit takes beside its text. None for what is said between records.
        var overhead = 0

        /// Bytes in memory.
        fileprivate var size: Int { records.count + errors.count + overhead }
    }

    private let state: Mutex<State>

    fileprivate struct State {
        let isOrdered: Bool
        /// The next unit to begin.
        var next = 0
        /// The next unit to write.
        var head = 0
        var running = 0
        /// Units that are done and wait for an earlier one.
        var done: [Int: Output] = [:]
        /// Where others of them are, and how many.
        let spill: SpilledOutputs?
        var spilledCount = 0
        /// What can be written.
        var ready: [Output] = []
        /// Bytes of input in work and of output not yet taken.
        var held = 0
        let window: Int
        var hasReported = false
        var isClosed = false
        /// The last output has come; what comes later is dropped.
        var isOver = false
        var parallel = 1
        var starter: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        /// Units that wait for what they said between records to be written.
        var speakers: [CheckedContinuation<Void, Never>] = []

        var mayStart: Bool {
            isClosed || (running < parallel && held < window)
        }

        /// The number of units that are done and held back, as an earlier one is not done. Nil while
        /// that is not so, and once it has been reported.
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

    /// Bytes, after which whoever says something waits for it to be taken.
    private static let mostSaid = 1 << 20

    /// Units that are made ready to be written at a time.
    fileprivate static let mostReady = 1024

    /// Bytes that a unit takes in memory beside its text.
    private static let overhead = 160

    private let spill: SpilledOutputs?
    private let onHeldBack: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - window: Bytes that may be in work, or wait for an earlier unit or a slow reader. One unit
    ///     more than that may be held.
    ///   - spill: For output beyond the window that waits for an earlier unit.
    ///   - onHeldBack: Gets, once, the number of units that are done and fill the window, as an earlier
    ///     one is not done.
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
    /// - Parameter parallel: How many may run at once.
    /// - Returns: Whether there is a use for it.
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

    /// - Parameter size: Bytes of input.
    /// - Returns: The unit's number.
    func begin(size: Int) -> Int {
        state.withLock { state in
            state.running += 1
            state.held += size + Self.overhead
            defer { state.next += 1 }
            return state.next
        }
    }

    /// - Parameter size: As `begin` got it.
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

    /// Writes the output of a unit to the file, if there is one and the window is half full: the rest
    /// is for what is in work.
    ///
    /// - Returns: Nil for output that stays in memory, also because the disk is full, too.
    private func spilled(_ output: Output, of number: Int, size: Int) -> SpilledOutputs.Entry? {
        guard let spill else { return nil }
        let growth = output.records.count + output.errors.count - size
        guard
            state.withLock({ $0.isOrdered && number != $0.head && $0.held + growth > $0.window / 2 }
            )
        else { return nil }
        return try? spill.append(output)
    }

    /// The output with all its bytes in memory; those in the file are read once.
    func loaded(_ output: Output) throws(SystemError) -> Output {
        if let failure = output.failure { throw failure }
        guard let spill, let entry = output.spilled else { return output }
        return try spill.take(entry)
    }

    /// Has something written at once, by a unit that has not finished. Suspends
    /// while too much waits to be written.
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

    /// Whether the last output has come before the end of the input.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// No unit will begin any more.
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

    /// Waits for something to write, in order. Empty when all is written.
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

    /// What was taken is out of memory.
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
    /// - Parameter entry: Where the output is in the file, if it is.
    fileprivate mutating func finish(
        _ number: Int, _ output: Sequencer.Output, _ entry: SpilledOutputs.Entry?, overhead: Int
    ) {
        // The unit before it may have ended in the meantime; and what has no entry stays in memory.
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

    /// Makes ready what waited for units that are done.
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
