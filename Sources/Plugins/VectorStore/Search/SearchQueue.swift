import Synchronization
import Waiting

/// Threads for searches, and the searches that wait for one.
///
/// A search computes for long, so it must not run on Swift's pool, where it would delay upserts and
/// all other calls. Callers take turns: however much one asks for, another one waits for no more
/// than the slice that each thread is at. Memory alone bounds how many searches wait.
final class SearchQueue<Caller: Hashable & Sendable>: Sendable {
    private let waiting: Monitor<Waiting>

    /// - Parameter threads: The most threads, and so the most slices at a time. They are started
    ///   when they are needed.
    init(threads: Int) { waiting = Monitor(Waiting(limit: threads)) }

    /// Lets the threads end. Each search has a reference to the queue, so that none is left.
    deinit {
        let threads = waiting.withLock { waiting in
            waiting.isOpen = false
            return waiting.threads
        }
        for _ in 0..<threads { waiting.signal() }
    }

    /// Performs a search for each item, and returns the results in the order of the items.
    ///
    /// If the task is cancelled, what waits leaves the queue at once, and this returns when what
    /// runs has ended.
    ///
    /// - Parameters:
    ///   - slice: The most items at a time; another caller may get its turn between two slices.
    ///   - caller: The one who takes turns with others; nil for a caller of this call alone.
    ///   - work: Returns a result for each item of a slice. Runs on a thread, and ends soon after
    ///     the search has been cancelled.
    /// - Throws: `CancellationError`, or the first error of `work`.
    func perform<Item: Sendable, Result: Sendable>(
        _ items: [Item], slice: Int, for caller: Caller?,
        _ work: @escaping @Sendable ([Item], SearchCancellation) throws -> [Result]
    ) async throws -> [Result] {
        let count = (items.count + slice - 1) / slice
        let outcome = Outcome<Result>(count: count)
        let job = Job(count: count) { number, cancellation in
            let part = items[number * slice..<min((number + 1) * slice, items.count)]
            return outcome.set(number) { try work(Array(part), cancellation) }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                job.continuation = continuation
                add(job, for: caller)
            }
        } onCancel: {
            cancel(job)
        }
        try Task.checkCancellation()
        return try outcome.results()
    }

    /// The number of slices that wait for a thread.
    var count: Int {
        waiting.withLock { $0.count }
    }

    private func add(_ job: Job, for caller: Caller?) {
        let (isAdded, new) = waiting.withLock { waiting in
            (waiting.add(job, for: caller), waiting.addThreads())
        }
        guard isAdded else { return job.end() }
        for _ in 0..<new { detachThread { [waiting] in Self.run(waiting) } }
        for _ in 0..<job.count { waiting.signal() }
    }

    private func cancel(_ job: Job) {
        job.cancellation.cancel()
        if waiting.withLock({ $0.remove(job) }) { job.end() }
    }

    /// Performs slices until the queue is closed.
    private static func run(_ waiting: Monitor<Waiting>) {
        while let (job, number) = waiting.wait(until: { $0.take() }) {
            let hasFailed = job.work(number, job.cancellation)
            // The rest of a failed search is of no use.
            if hasFailed { job.cancellation.cancel() }
            let isOver = waiting.withLock { waiting in
                job.running -= 1
                waiting.running -= 1
                return hasFailed ? waiting.remove(job) : job.isOver
            }
            if isOver { job.end() }
        }
    }
}

/// Tells a search that its caller no longer waits for it.
final class SearchCancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    fileprivate func cancel() { flag.store(true, ordering: .relaxed) }
}

/// A search in slices.
private final class Job: @unchecked Sendable {
    let count: Int
    /// Performs a slice. Returns true if the search has failed.
    let work: @Sendable (_ slice: Int, SearchCancellation) -> Bool
    let cancellation = SearchCancellation()

    // The queue's lock protects these four.
    var isAdded = false
    var next = 0
    var running = 0
    /// True once it is over, so that it ends only once.
    var hasEnded = false

    // Set before the job is added.
    var continuation: CheckedContinuation<Void, Never>?

    init(count: Int, _ work: @escaping @Sendable (Int, SearchCancellation) -> Bool) {
        self.count = count
        self.work = work
    }

    /// True, and only once, if nothing of it runs or waits.
    var isOver: Bool {
        guard running == 0, next == count, !hasEnded else { return false }
        hasEnded = true
        return true
    }

    func end() { continuation!.resume() }
}

/// The results of a search so far.
private final class Outcome<Value: Sendable>: Sendable {
    private let slices: Mutex<[Result<[Value], any Error>?]>

    init(count: Int) { slices = Mutex(Array(repeating: nil, count: count)) }

    /// Sets the results of a slice.
    ///
    /// - Returns: True if it failed.
    func set(_ slice: Int, _ work: () throws -> [Value]) -> Bool {
        let result = Result { try work() }
        slices.withLock { $0[slice] = result }
        if case .failure = result { return true }
        return false
    }

    func results() throws -> [Value] {
        let slices = slices.withLock { $0 }
        // Some slices may not have been begun because of the error.
        for case .failure(let error)? in slices { throw error }
        return try slices.flatMap { try $0?.get() ?? [] }
    }
}

extension SearchQueue {
    /// The state under the lock.
    fileprivate struct Waiting {
        let limit: Int
        var threads = 0
        /// The number of slices that run.
        var running = 0
        var isOpen = true

        /// The jobs of each caller that have slices to be begun, first come, first served.
        var jobs: [Turn: [Job]] = [:]
        /// The callers of these jobs. The first has the next turn.
        var turns: [Turn] = []

        enum Turn: Hashable {
            case caller(Caller)
            case alone(ObjectIdentifier)
        }

        init(limit: Int) { self.limit = limit }

        /// - Returns: False if there is nothing to do, or nothing any more.
        mutating func add(_ job: Job, for caller: Caller?) -> Bool {
            guard job.count > 0, !job.cancellation.isCancelled else { return false }
            job.isAdded = true
            let turn = caller.map { Turn.caller($0) } ?? .alone(ObjectIdentifier(job))
            if jobs[turn] == nil { turns.append(turn) }
            jobs[turn, default: []].append(job)
            return true
        }

        /// The number of slices that were not begun.
        var count: Int { jobs.values.joined().reduce(0) { $0 + $1.count - $1.next } }

        /// Counts the threads that are to be started, if more slices wait than threads do.
        ///
        /// - Returns: Their number.
        mutating func addThreads() -> Int {
            guard threads < limit else { return 0 }
            let new = min(limit - threads, max(0, count - (threads - running)))
            threads += new
            return new
        }

        /// Takes the next slice of the caller whose turn it is.
        ///
        /// - Returns: Nil to wait; `.some(nil)` once the queue is closed.
        mutating func take() -> (Job, Int)?? {
            guard isOpen else { return .some(nil) }
            guard !turns.isEmpty else { return nil }
            let turn = turns.removeFirst()
            let job = jobs[turn]![0]
            defer { job.next += 1 }
            job.running += 1
            running += 1
            if job.next + 1 == job.count { jobs[turn]!.removeFirst() }
            if jobs[turn]!.isEmpty { jobs[turn] = nil } else { turns.append(turn) }
            return (job, job.next)
        }

        /// Takes out the slices of a job that were not begun.
        ///
        /// - Returns: True if it is over with that.
        mutating func remove(_ job: Job) -> Bool {
            guard job.isAdded, !job.hasEnded else { return false }
            if let turn = jobs.first(where: { $0.value.contains { $0 === job } })?.key {
                jobs[turn]!.removeAll { $0 === job }
                if jobs[turn]!.isEmpty {
                    jobs[turn] = nil
                    turns.removeAll { $0 == turn }
                }
            }
            job.next = job.count
            return job.isOver
        }
    }
}
