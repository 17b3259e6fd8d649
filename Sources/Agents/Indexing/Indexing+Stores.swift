internal import FilterKit
internal import LMDB
package import Stores
internal import Unix

extension Indexing {
    /// A store that was indexed, with what its state says.
    package struct KnownState: Sendable {
        package let record: StoreRecord
        package let state: String
        package var documents = 0
        package var chunks = 0

        /// The size of the documents.
        package var bytes = 0
        package var model = ""
        package var dimension = 0

        /// The time as in RFC 3339; empty if no run has ended.
        package var lastRun = ""
    }

    /// Returns all stores that were indexed, in the order of their folders.
    package static func stores(_ environment: [String: String]) throws -> [KnownState] {
        try KnownStore.all(environment).map { store in
            var known = KnownState(record: store.record, state: store.state)
            guard (try? File("\(store.state)/data.mdb")) != nil else { return known }
            do {
                let state = try IndexState(folder: store.state)
                try state.forEach { _, entry in
                    guard let version = entry.version, case .records = version.content else {
                        return
                    }
                    known.documents += 1
                    known.chunks += version.records
                    known.bytes += version.size
                }
                if let provenance = try state.provenance {
                    (known.model, known.dimension) = (provenance.model, provenance.dimension)
                }
                known.lastRun = try state.lastRun?.ended ?? ""
            } catch let error as LMDBError {
                throw failure(error, of: store.state)
            }
            return known
        }
    }

    /// Deletes the collection and the state of a store.
    ///
    /// - Throws: `Failure` if it was not indexed, or if the collection is another store's.
    package static func forget(_ store: Store, waits: Bool) async throws {
        guard store.location.isIndexed else {
            throw Failure(
                .configuration, "the store '\(store.name)' has not been indexed: nothing to forget")
        }
        if let refusal = store.location.refusal(of: store.argument) { throw refusal }
        let lock = try await lock(store, waits: waits)
        defer { withExtendedLifetime(lock) {} }
        try await FilterRuns(store).dropCollection()
        try File.removeTree(store.state)
    }
}
