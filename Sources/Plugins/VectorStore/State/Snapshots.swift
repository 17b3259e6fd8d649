import Synchronization

/// The states that readers see.
final class Snapshots: Sendable {
    let keeper: StateKeeper
    /// The state of a store of format 1, which was converted for this process alone.
    private let converted = Mutex<State?>(nil)

    init(_ keeper: StateKeeper) throws(StoreError) {
        self.keeper = keeper
        let folder = keeper.folder
        if !folder.exists(folder.catalog), folder.exists(folder.oldData) {
            try OldStore(folder).check()
        }
    }

    /// Runs `body` with the latest state. Runs it again with a later one if a file is missing that
    /// another process may have replaced.
    func withState<R>(_ body: (State) throws(StoreError) -> R) throws(StoreError) -> R {
        var state = try current()
        while true {
            do throws(StoreError) {
                for part in state.collections.values.flatMap(\.segments) {
                    try part.segment.file?.checkSize()
                    try part.segment.placesFile?.checkSize()
                }
                return try body(state)
            } catch  where error.kind == .missing {
                let next = try current()
                if next.generation == state.generation { throw error }
                state = next
            }
        }
    }

    private func current() throws(StoreError) -> State {
        let folder = keeper.folder
        if let state = try keeper.current() { return state }
        guard folder.exists(folder.oldData) else {
            return State()
        }
        return try converted.withLock { converted throws(StoreError) in
            if converted == nil { converted = try OldStore(folder).temporary() }
            return converted!
        }
    }
}
