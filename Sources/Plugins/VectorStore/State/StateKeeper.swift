import Synchronization

/// The latest state of a store, which is read again when another process has changed it. Reading
/// takes no lock in the folder and writes nothing.
final class StateKeeper: Sendable {
    let folder: Folder
    private let known = Mutex<Known?>(nil)

    private struct Known {
        var state: State
        /// The open catalog, so that its inode does not go to the next one.
        let catalog: Catalog
    }

    init(_ folder: Folder) { self.folder = folder }

    /// Returns the state with all acknowledged commits, or nil if there is no catalog.
    func current() throws(StoreError) -> State? {
        try known.withLock { known throws(StoreError) in
            try refresh(&known)
            return known?.state
        }
    }

    /// Returns the state with all commits, also those that a killed writer left without
    /// acknowledgement. Only a writer with the lock may call this.
    func complete() throws(StoreError) -> State? {
        try known.withLock { known throws(StoreError) in
            try refresh(&known)
            guard known != nil else { return nil }
            try Self.read(&known!.state, folder, upTo: nil)
            return known!.state
        }
    }

    /// Takes the state that this process has written to the log.
    func set(_ state: State) {
        known.withLock { known in
            guard let old = known?.state, old.generation == state.generation,
                old.log!.end <= state.log!.end
            else { return }
            known!.state = state
        }
    }

    /// Takes the state of the catalog that this process has written.
    func adopt(_ state: State) throws(StoreError) {
        try known.withLock { known throws(StoreError) in
            // The catalog is read in any case, as its identity tells if it is replaced.
            known = nil
            guard let catalog = try Catalog(in: folder) else { throw .missing(folder.catalog) }
            if catalog.generation == state.generation {
                known = Known(state: state, catalog: catalog)
            }
        }
    }

    /// Returns the catalog of the latest state.
    func catalog(of state: State) -> Catalog? {
        known.withLock { $0?.catalog.generation == state.generation ? $0?.catalog : nil }
    }

    /// Forgets the state, so that it is read from the beginning next time.
    func forget() { known.withLock { $0 = nil } }

    private func refresh(_ known: inout Known?) throws(StoreError) {
        var seen: DataFile.Identity?
        while true {
            let now = try DataFile.Identity(folder.catalog)
            do throws(StoreError) {
                if known == nil || known!.catalog.identity != now {
                    try load(&known)
                } else {
                    try readOn(&known)
                }
                return
            } catch  where error.kind == .missing && now != nil && now != seen {
                // Another process may have written a new catalog meanwhile and removed what it
                // replaced. If the catalog stays the same, the file is lost.
                known = nil
                seen = now
            }
        }
    }

    private func load(_ known: inout Known?) throws(StoreError) {
        guard let catalog = try Catalog(in: folder) else {
            try refuseLostCatalog()
            known = nil
            return
        }
        var state = try State(catalog, in: folder, reusing: known?.state)
        try Self.read(&state, folder, upTo: nil)
        for number in catalog.logs.dropFirst() {
            state.begin(try LogFile(folder, number, .reading))
            try Self.read(&state, folder, upTo: nil)
        }
        known = Known(state: state, catalog: catalog)
    }

    /// Throws if there are files of a store whose catalog is gone.
    private func refuseLostCatalog() throws(StoreError) {
        if folder.exists(folder.oldData) { return }
        for (kind, number) in try folder.files() {
            // The first log is made just before the first catalog is, so it can be there alone.
            if kind == .log, number == 1,
                try DataFile(folder.file(.log, 1), .reading).size <= LogFile.start
            {
                continue
            }
            throw StoreError.missing(folder.catalog)
        }
    }

    private func readOn(_ known: inout Known?) throws(StoreError) {
        let log = known!.state.log!
        let (end, count) = try log.file.acknowledged()
        if end == log.end, count == log.count { return }
        if let last = log.last,
            !(try log.file.hasEntry(at: last.offset, checksum: last.checksum))
        {
            // The last commit was never acknowledged, and its writer has taken it back.
            try load(&known)
        } else if end > log.end {
            try Self.read(&known!.state, folder, upTo: end)
        }
    }

    /// Takes the commits of the log that are not yet in a state.
    ///
    /// - Parameter limit: The offset at which to stop, or nil for the last commit that is right.
    private static func read(
        _ state: inout State, _ folder: Folder, upTo limit: Int?
    ) throws(StoreError) {
        let file = state.log!.file
        let (acknowledged, count) = try file.acknowledged()
        let size = try file.size
        guard size >= acknowledged else {
            throw .damage(file.path, "it ends at byte \(size), not \(acknowledged)")
        }
        // The state changes only as a whole.
        var next = state
        while limit == nil || next.log!.end < limit! {
            guard let entry = try file.entry(at: next.log!.end, number: next.log!.count) else {
                if next.log!.end >= acknowledged { break }
                throw .damage(
                    file.path, "the commit at byte \(next.log!.end) is not the one that was written"
                )
            }
            let old = next
            try next.apply(entry, folder)
            // The records of a commit that was never acknowledged may not be on the disk.
            if entry.end > acknowledged, !(try old.hasRecords(of: next)) {
                next = old
                break
            }
        }
        if next.log!.end == acknowledged, next.log!.count != count {
            throw .damage(file.path, "it has \(next.log!.count) commits, not \(count)")
        }
        state = next
    }
}

extension State {
    /// Returns true if the records that the next state has more than this one are right.
    fileprivate func hasRecords(of next: State) throws(StoreError) -> Bool {
        for (number, file) in next.records {
            let end = records[number]?.end ?? 0
            if file.end == end { continue }
            do throws(StoreError) {
                if try file.bytes.firstDamage(in: end..<file.end) != nil { return false }
            } catch  where error.kind != .other {
                return false
            }
        }
        return true
    }
}
