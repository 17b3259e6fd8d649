import Synchronization

/// Keeping the files of a store few and full: the log becomes index files, index files are merged,
/// and records are moved out of files that are mostly dead.
///
/// It is done in turns of bounded length, each of which ends with a new catalog and an empty log.
final class Maintenance: Sendable {
    private let folder: Folder
    private let condition = Mutex(Condition())

    private struct Condition {
        var hasWork = false
        /// The end of the pause after a turn that failed, as on a full disk.
        var pauseEnd: ContinuousClock.Instant?
        /// Record files that cannot be cleaned, because some of their records are damaged.
        var damaged: Set<UInt32> = []
        /// Only the log is put into files once an index file is found to be damaged.
        var merging = Plan.Merging.due
    }

    init(_ folder: Folder) { self.folder = folder }

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
    func run(_ state: inout State, _ keeper: StateKeeper) {
        let known = condition.withLock { $0 }
        if let pauseEnd = known.pauseEnd, .now < pauseEnd { return }
        let plan = Plan(state, known.damaged, merging: known.merging)
        guard plan.isNeeded else { return condition.withLock { $0.hasWork = false } }
        do throws(StoreError) {
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

    /// Merges and cleans all there is.
    func compact(_ state: inout State, _ keeper: StateKeeper) throws(StoreError) {
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
