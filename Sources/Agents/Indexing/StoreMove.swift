internal import FilterKit
internal import Stores
internal import Unix

/// Gives the collection and the state of a store the names that belong to its folder, once: an
/// earlier version has named the collection like the store, and a folder may have been moved.
enum StoreMove {
    /// Moves the collection and the state, unless they have their names.
    ///
    /// A run that is killed meanwhile leaves a note, by which the next one completes it.
    ///
    /// - Returns: The store with its new location.
    static func finish(_ store: Store, waits: Bool) async throws -> Store {
        guard store.location.isMoving else { return store }
        let lock = try await Indexing.lock(store, waits: waits)
        defer { withExtendedLifetime(lock) {} }
        let (state, ownState) = (store.state, store.location.ownState)
        // Another run may have moved it while this one waited.
        guard (try? File("\(state)/data.mdb")) != nil else {
            throw Failure(.tryLater, "another run has moved the store '\(store.name)'; try again")
        }
        let (old, new) = (store.collection, store.location.ownCollection)
        var record = store.location.record ?? store.record
        if old != new {
            record.moving = new
            try record.write(in: state)
        }
        record = store.record
        record.collection = try await name(of: store, from: old, to: new)
        try record.write(in: state)
        if state != ownState {
            // Without a record, no run has come further than to list documents.
            if (try? File(ownState)) != nil { try File.removeTree(ownState) }
            try File.rename(state, to: ownState)
        }
        return store.moved(record)
    }

    /// Moves the collection, if the database can.
    ///
    /// - Returns: The name that it has then.
    private static func name(
        of store: Store, from old: String, to new: String
    ) async throws -> String {
        if old == new { return new }
        let filters = FilterRuns(store)
        guard let names = try await filters.collections(old) else { return old }
        if names.contains(where: { $0.utf8.elementsEqual(old.utf8) }) {
            try await filters.move(old, to: new)
        }
        return new
    }
}
