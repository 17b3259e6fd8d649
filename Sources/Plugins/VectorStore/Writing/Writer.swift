import Synchronization

/// The thread's work that writes: commits, and keeping the files few and full in between.
///
/// Processes exclude each other by a lock on a file, for the length of a commit.
final class Writer: Sendable {
    private let folder: Folder
    private let keeper: StateKeeper
    private let maintenance: Maintenance

    private let report: @Sendable (String) -> Void
    private let hasCommitted = Atomic(false)

    /// - Parameters:
    ///   - report: Receives a sentence for the user when files are converted.
    ///   - wake: Lets `run` be called once more, without jobs of others.
    init(
        _ keeper: StateKeeper, wake: @escaping @Sendable () -> Void,
        _ report: @escaping @Sendable (String) -> Void
    ) {
        self.keeper = keeper
        self.report = report
        folder = keeper.folder
        maintenance = Maintenance(keeper.folder, wake: wake)
    }

    /// True if there is something to do without new changes.
    var hasWork: Bool { maintenance.hasWork }

    /// Writes the changes of all jobs as one commit, then does a bounded part of other work.
    func run(_ jobs: [CommitQueue.Job]) {
        var waiting = jobs[...]
        do throws(StoreError) {
            try withLock { () throws(StoreError) in
                var state = try prepare()
                let outcomes = try commit(jobs, &state)
                keeper.set(state)
                for (job, outcome) in zip(jobs, outcomes) where !job.compacts { job.done(outcome) }
                waiting = jobs.filter(\.compacts)[...]
                if waiting.isEmpty {
                    maintenance.run(&state, keeper)
                } else {
                    try maintenance.compact(&state, keeper)
                    while let job = waiting.popFirst() { job.done([nil]) }
                }
            }
        } catch {
            maintenance.rest()
            for job in waiting {
                job.done(job.compacts ? [error] : job.changes.map { _ in error })
            }
        }
    }

    /// Puts a log that is long into files, so that those that open the store need not read it.
    func finish() {
        guard hasCommitted.load(ordering: .relaxed) else { return }
        maintenance.wait()
        // All that was acknowledged is on the disk already.
        try? withLock { () throws(StoreError) in
            var state = try prepare()
            maintenance.run(&state, keeper, isLast: true)
        }
    }

    private func withLock(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        try folder.make()
        while true {
            let lock = try DataFile(folder.lock, .creating)
            // A lock file that was removed meanwhile does not exclude other processes.
            let isDone = try lock.withLock { () throws(StoreError) in
                guard try DataFile.Identity(folder.lock)?.inode == (try lock.identity.inode) else {
                    return false
                }
                try body()
                return true
            }
            if isDone { return }
        }
    }

    /// Returns the state to be changed: there are no commits after it, and nothing else in the log.
    private func prepare() throws(StoreError) -> State {
        var found = try keeper.complete()
        if found == nil {
            if folder.exists(folder.oldData) {
                try OldStore(folder).convertInPlace()
                report("converted '\(folder.oldData)' to the format of this version")
            } else {
                try Maintenance.begin(in: folder)
            }
            found = try keeper.complete()
        }
        guard let state = found else { throw StoreError.missing(folder.catalog) }
        if folder.exists(folder.oldData) { try OldStore(folder).remove() }
        let log = state.log!
        let isRight = try log.file.acknowledged() == (log.end, log.count)
        if isRight, try log.file.size == log.end { return state }
        let file = try LogFile(folder, log.file.number, .writing)
        if try file.size > log.end { try file.truncate(to: log.end) }
        if !isRight {
            try file.sync()
            try file.acknowledge(end: log.end, count: log.count)
        }
        return state
    }

    private func commit(
        _ jobs: [CommitQueue.Job], _ state: inout State
    ) throws(StoreError) -> [[StoreError?]] {
        var edit = Edit(state, folder)
        var outcomes: [[StoreError?]] = []
        for job in jobs {
            outcomes.append(
                job.changes.map { change in
                    do throws(StoreError) {
                        try edit.apply(change)
                        return nil
                    } catch {
                        return error
                    }
                })
        }
        var records = RecordWriter(state, folder)
        guard let batch = try edit.finish(&records) else { return outcomes }
        let log = try LogFile(folder, state.log!.file.number, .writing)
        do throws(StoreError) {
            let entry = try log.write(
                batch.encoded, at: state.log!.end, number: state.log!.count)
            // The disk writes both files at once, and what is missing of one after a power failure is
            // noticed when the log is read.
            try records.sync()
            try log.sync()
            var next = state
            try next.apply(entry, folder)
            try log.acknowledge(end: next.log!.end, count: next.log!.count)
            state = next
            hasCommitted.store(true, ordering: .relaxed)
        } catch {
            // Without this, others could take the commit for one that counts.
            try? log.truncate(to: state.log!.end)
            throw error
        }
        return outcomes
    }
}
