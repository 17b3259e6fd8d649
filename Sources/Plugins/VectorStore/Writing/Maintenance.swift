import Synchronization

/// Keeping the files of a store few and full: the log becomes index files, index files are merged,
/// and records are moved out of files that are mostly dead.
///
/// It is done in turns of bounded length, each of which ends with a new catalog and an empty log.
final class Maintenance: Sendable {
    private let folder: Folder
    private let condition = Mutex(Condition())
    /// The merge that goes on beside the commits.
    private let background = Mutex<BackgroundMerge?>(nil)
    /// Lets the writer run once more.
    private let wake: @Sendable () -> Void

    private struct Condition {
        var hasWork = false
        /// The end of the pause after a turn that failed, as on a full disk.
        var pauseEnd: ContinuousClock.Instant?
        /// Record files that cannot be cleaned, because some of their records are damaged.
        var damaged: Set<UInt32> = []
        /// Only the log is put into files once an index file is found to be damaged.
        var merging = Plan.Merging.due
    }

    init(_ folder: Folder, wake: @escaping @Sendable () -> Void) {
        self.folder = folder
        self.wake = wake
    }

    /// True if there is more to do than the last turn did.
    var hasWork: Bool { condition.withLock { $0.hasWork } }

    /// Puts off other work after an error.
    func rest() {
        condition.withLock {
            $0.hasWork = false
            $0.pauseEnd = .now + .seconds(1)
        }
    }

    /// Makes the files of a store without collections.
    static func begin(in folder: Folder) throws(StoreError) {
        var state = State(
            log: LogPosition(
                file: try LogFile(folder, 1, .creating), end: LogFile.start, count: 0, last: nil))
        state.generation = 1
        state.nextFile = 2
        try folder.sync()
        try Catalog.writeNew(state, in: folder)
        try Catalog.adoptNew(in: folder)
    }

    /// Does a turn if one is needed. An error only puts it off: the commits before it are safe.
    ///
    /// - Parameter isLast: True if the writer ends.
    func run(_ state: inout State, _ keeper: StateKeeper, isLast: Bool = false) {
        let known = condition.withLock { $0 }
        var plan = Plan(
            state, known.damaged, merging: isLast ? .log : known.merging, isLast: isLast)
        if let background = background.withLock({ $0 }) {
            guard background.isDone || plan.isUrgent || isLast else {
                return condition.withLock { $0.hasWork = false }
            }
            endBackground(&state, keeper)
            plan = Plan(state, known.damaged, merging: plan.merging, isLast: isLast)
        }
        if let pauseEnd = known.pauseEnd, .now < pauseEnd { return }
        guard plan.isNeeded else { return condition.withLock { $0.hasWork = false } }
        do throws(StoreError) {
            if !isLast, plan.isForBackground(state) {
                let new = try BackgroundMerge(&state, folder, keeper, done: wake)
                background.withLock { $0 = new }
                if new != nil { return condition.withLock { $0.hasWork = false } }
            }
            try turn(&state, plan, keeper)
            let isNeeded = Plan(state, known.damaged, merging: known.merging).isNeeded
            condition.withLock {
                $0.hasWork = isNeeded
                $0.pauseEnd = nil
            }
        } catch {
            rest()
            if error.kind == .damage, condition.withLock({ $0.damaged }) == known.damaged {
                condition.withLock { $0.merging = .log }
            }
        }
    }

    /// Waits for the merge that goes on, whose files are not yet in place then.
    func wait() { background.withLock { $0 }?.wait() }

    /// Waits for the merge that goes on, and puts its files in place. If that fails, all is as it was,
    /// with the logs still there.
    private func endBackground(_ state: inout State, _ keeper: StateKeeper) {
        guard let merge = background.withLock({ $0 }) else { return }
        background.withLock { $0 = nil }
        do throws(StoreError) {
            try merge.finish(&state, folder, keeper)
        } catch {
            // The catalog may be the new one even so.
            if let latest = try? keeper.complete() { state = latest }
            merge.abandon(state, folder)
            rest()
        }
    }

    /// Merges and cleans all there is.
    func compact(_ state: inout State, _ keeper: StateKeeper) throws(StoreError) {
        endBackground(&state, keeper)
        // The first turn puts the log into files. Cleaning is bounded in each.
        var plan = Plan(compacting: state)
        while plan.isNeeded {
            try turn(&state, plan, keeper)
            let next = Plan(compacting: state)
            if next == plan { break }
            plan = next
        }
        condition.withLock { $0.hasWork = false }
    }

    private func turn(
        _ state: inout State, _ plan: Plan, _ keeper: StateKeeper
    ) throws(StoreError) {
        var turn = Turn(state, folder)
        do throws(StoreError) {
            try turn.flush(plan.merging)
            for file in plan.files {
                do throws(StoreError) {
                    try turn.clean([file])
                } catch  where error.kind == .damage && plan.merging != .all {
                    condition.withLock { _ = $0.damaged.insert(file) }
                    throw error
                }
            }
            try turn.finish()
        } catch {
            turn.abandon()
            throw error
        }
        guard let next = try keeper.complete() else { throw .missing(folder.catalog) }
        state = next
    }
}
