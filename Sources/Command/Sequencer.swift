internal import Synchronization

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
        /// What can be written.
        var ready: [Output] = []
        /// Bytes of input in work and of output not yet taken.
        var held = 0
        var isClosed = false
        /// The last output has come; what comes later is dropped.
        var isOver = false
        var parallel = 1
        var starter: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        /// Units that wait for what they said between records to be written.
        var speakers: [CheckedContinuation<Void, Never>] = []

        var mayStart: Bool {
            isClosed
                || (running < parallel && held < Sequencer.mostHeld
                    && next - head < Sequencer.longestWindow)
        }

        var maySay: Bool { isClosed || ready.isEmpty || held < Sequencer.mostSaid }

        var mayWrite: Bool { !ready.isEmpty || (isClosed && running == 0) }
    }

    /// Bytes. One unit more than that may be held.
    private static let mostHeld = 64 << 20

    /// Bytes, after which whoever says something waits for it to be taken.
    private static let mostSaid = 1 << 20

    /// Units that may be done before an earlier one is.
    private static let longestWindow = 1 << 14

    init(isOrdered: Bool) { state = Mutex(State(isOrdered: isOrdered)) }

    /// Waits until another unit may begin.
    ///
    /// - Parameter parallel: How many may run at once.
    /// - Returns: Whether there is a use for it.
    func waitForTurn(parallel: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayStart = state.withLock { state in
                    state.parallel = parallel
                    if state.mayStart || Task.isCancelled { return true }
                    state.starter = continuation
                    return false
                }
                if mayStart { continuation.resume() }
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
            state.held += size
            defer { state.next += 1 }
            return state.next
        }
    }

    /// - Parameter size: As `begin` got it.
    func finish(_ number: Int, size: Int, _ output: Output) {
        let (starter, writer) = state.withLock { state in
            state.running -= 1
            state.held += output.records.count + output.errors.count - size
            if state.isOrdered {
                if number == state.head {
                    state.add(output)
                    state.head += 1
                    while let next = state.done.removeValue(forKey: state.head) {
                        state.add(next)
                        state.head += 1
                    }
                } else {
                    state.done[number] = output
                }
            } else {
                state.head += 1
                state.add(output)
            }
            return state.wakeable()
        }
        starter?.resume()
        writer?.resume()
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
            defer { (state.ready, state.speakers) = ([], []) }
            return (state.ready, state.speakers)
        }
        for speaker in speakers { speaker.resume() }
        return ready
    }

    /// What was taken is out of memory.
    func release(_ outputs: [Output]) {
        let (starter, writer) = state.withLock { state in
            for output in outputs { state.held -= output.records.count + output.errors.count }
            return state.wakeable()
        }
        starter?.resume()
        writer?.resume()
    }
}

extension Sequencer.State {
    fileprivate mutating func add(_ output: Sequencer.Output) {
        guard !isOver else {
            held -= output.records.count + output.errors.count
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
