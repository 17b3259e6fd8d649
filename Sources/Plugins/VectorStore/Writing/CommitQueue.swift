import Waiting

/// The changes that wait for the writer. All changes that come while one commit is on its way to
/// the disk share the next commit, so that there is one wait for the disk for all of them.
final class CommitQueue: Sendable {
    /// Called on the writer's thread once the outcome of each change is on the disk.
    typealias Completion = @Sendable ([StoreError?]) -> Void

    struct Job: Sendable {
        let changes: [Change]
        /// True for a job that merges and cleans all there is.
        var compacts = false
        let done: Completion

        var size: Int { changes.reduce(0) { $0 + $1.size } }
    }

    private struct Pending {
        var jobs: [Job] = []
        var isOpen = true
    }

    /// The number of changes and of their bytes that end a commit, to bound its memory and its time.
    private static let most = (changes: 32_768, bytes: 64 << 20)

    private let waiting = Monitor(Pending())

    func add(_ job: Job) {
        let accepted = waiting.withLock { waiting in
            if waiting.isOpen { waiting.jobs.append(job) }
            return waiting.isOpen
        }
        if accepted {
            waiting.signal()
        } else {
            job.done(job.changes.map { _ in StoreError("the store is closed") })
        }
    }

    /// Lets `run` end when everything added before has been written.
    func close() {
        waiting.withLock { $0.isOpen = false }
        waiting.signal()
    }

    /// Writes until the queue is closed.
    func run(_ writer: Writer) {
        blockFileSizeSignal()
        while true {
            let jobs = take(waits: !writer.hasWork)
            if let jobs, jobs.isEmpty { return writer.finish() }
            writer.run(jobs ?? [])
        }
    }

    /// Waits for jobs. There are none once the queue is closed and all have been written.
    ///
    /// - Returns: Nil if there is none and `waits` is false.
    private func take(waits: Bool) -> [Job]? {
        waiting.wait { waiting -> [Job]?? in
            if waiting.jobs.isEmpty {
                if !waiting.isOpen { return .some([]) }
                return waits ? nil : .some(nil)
            }
            var (count, bytes) = (0, 0)
            let jobs = waiting.jobs.prefix { job in
                defer {
                    count += job.changes.count
                    bytes += job.size
                }
                return count == 0
                    || count + job.changes.count <= Self.most.changes
                        && bytes + job.size <= Self.most.bytes
            }
            waiting.jobs.removeFirst(jobs.count)
            return .some(Array(jobs))
        }
    }
}
