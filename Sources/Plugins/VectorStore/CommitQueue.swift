import LMDB
import Waiting

/// The changes that wait for the writer. All changes that come while one commit is on its way to
/// the disk share the next commit, so that there is one wait for the disk for all of them.
final class CommitQueue: Sendable {
    /// Called on the writer's thread once the outcome of each change is on the disk.
    typealias Completion = @Sendable ([StoreError?]) -> Void

    private struct Job {
        let changes: [Change]
        let done: Completion
    }

    private struct Pending {
        var jobs: [Job] = []
        var isOpen = true
    }

    /// The number of changes that end a commit, to bound its memory and its time.
    private static let most = 4096

    private let environment: Environment
    private let tables: Tables
    private let waiting = Monitor(Pending())

    init(_ environment: Environment, _ tables: Tables) {
        self.environment = environment
        self.tables = tables
    }

    func add(_ changes: [Change], done: @escaping Completion) {
        let accepted = waiting.withLock { waiting in
            if waiting.isOpen { waiting.jobs.append(Job(changes: changes, done: done)) }
            return waiting.isOpen
        }
        if accepted {
            waiting.signal()
        } else {
            done(changes.map { _ in StoreError("the store is closed") })
        }
    }

    /// Lets `run` end when everything added before has been written.
    func close() {
        waiting.withLock { $0.isOpen = false }
        waiting.signal()
    }

    /// Writes until the queue is closed.
    func run() {
        while true {
            let jobs = take()
            if jobs.isEmpty { return }
            commit(jobs)
        }
    }

    /// Waits for jobs. There are none once the queue is closed and all have been written.
    private func take() -> [Job] {
        waiting.wait { waiting in
            if waiting.jobs.isEmpty { return waiting.isOpen ? nil : [] }
            var count = 0
            let jobs = waiting.jobs.prefix { job in
                defer { count += job.changes.count }
                return count < Self.most
            }
            waiting.jobs.removeFirst(jobs.count)
            return Array(jobs)
        }
    }

    private func commit(_ jobs: [Job]) {
        let outcomes: [[StoreError?]]
        do {
            outcomes = try environment.withWrite { transaction in
                // The edit is made here, because LMDB may run this again with a larger map.
                var edit = Edit(tables)
                let outcomes = try jobs.map { job in
                    try job.changes.map { change in
                        do {
                            try edit.apply(change, in: transaction)
                            return nil as StoreError?
                        } catch let error as StoreError {
                            return error
                        }
                    }
                }
                try edit.finish(in: transaction)
                return outcomes
            }
        } catch {
            let failure = StoreError("\(error)")
            outcomes = jobs.map { $0.changes.map { _ in failure } }
        }
        for (job, outcome) in zip(jobs, outcomes) { job.done(outcome) }
    }
}
