import Glibc
import LMDB
import Waiting

/// Collections of vectors in a folder, which several processes may use at a time.
///
/// A change that has been acknowledged is on the disk. A search sees all changes that were
/// acknowledged before it began, and never half of one.
package final class VectorStore: Sendable {
    private let environment: Environment
    private let tables: Tables
    private let queue: CommitQueue
    private let writer: JoinableThread

    /// - Parameter folder: The folder; a missing one is made with its parents, for the owner only.
    package init(folder: String) throws(StoreError) {
        do {
            try makeFolder(folder)
            environment = try Environment(folder: folder, databases: 8)
        } catch {
            throw StoreError("\(error)")
        }
        do {
            tables = try environment.withWrite { [environment] in
                try Tables(environment, in: $0)
            }
        } catch {
            throw StoreError("cannot use '\(folder)/data.mdb': \(error)")
        }
        queue = CommitQueue(environment, tables)
        writer = JoinableThread { [queue] in queue.run() }
    }

    /// Waits for changes under way to be written.
    deinit {
        queue.close()
        writer.join()
    }

    /// Makes a collection; does nothing if it already exists with that dimension.
    package func create(collection: String, dimension: Int) async throws(StoreError) {
        try Limits.check(collection: collection)
        try Limits.check(dimension: dimension)
        try await commit(.create(collection: collection, dimension: dimension))
    }

    /// Deletes a collection and all its records.
    package func drop(collection: String) async throws(StoreError) {
        try await commit(.drop(collection: collection))
    }

    /// Writes records, each in place of one with the same id.
    ///
    /// - Returns: For each record the reason why it was not written, or nil.
    package func upsert(_ records: [(collection: String, record: Record)]) async -> [StoreError?] {
        await commit(
            records.map { collection, record in
                Result { () throws(StoreError) in
                    .upsert(collection: collection, try EncodedRecord(record))
                }
            })
    }

    /// Deletes records. Deleting an unknown id succeeds, so that deletions can be repeated.
    ///
    /// - Returns: For each record the reason why it could not be deleted, or nil.
    package func delete(_ records: [(collection: String, id: String)]) async -> [StoreError?] {
        await commit(
            records.map { collection, id in
                Result { () throws(StoreError) in
                    try Limits.check(id: id)
                    return .delete(collection: collection, id: id)
                }
            })
    }

    /// Finds the records nearest to each query in one collection. All queries see the same records.
    ///
    /// - Parameter isCancelled: Asked again and again; the search fails soon after it has returned
    ///   true.
    package func search(
        _ queries: [Query], in collection: String, isCancelled: () -> Bool = { false }
    ) throws(StoreError) -> [Result<[Match], StoreError>] {
        do {
            return try environment.withRead { transaction in
                guard let row = try CollectionRow.named(collection, in: tables, transaction) else {
                    throw StoreError.noCollection(collection)
                }
                let checked = queries.map { query in
                    Result { () throws(StoreError) in
                        (query: query, length: try check(query, collection, row))
                    }
                }
                var search = Search(checked.compactMap { try? $0.get() }, row, tables)
                var found = try search.run(in: transaction, isCancelled: isCancelled)[...]
                return checked.map { query in query.map { _ in found.removeFirst() } }
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError("\(error)")
        }
    }

    private func check(
        _ query: Query, _ collection: String, _ row: CollectionRow
    ) throws(StoreError) -> Double {
        let length = try Limits.check(query.vector, "query")
        guard query.vector.count == row.dimension else {
            throw StoreError.dimension(
                query.vector.count, of: "query", in: collection, row.dimension)
        }
        guard query.limit >= 1 else {
            throw StoreError("the number of results must be at least 1, not \(query.limit)")
        }
        return length
    }

    private func commit(_ change: Change) async throws(StoreError) {
        if let error = await commit([.success(change)])[0] { throw error }
    }

    /// Writes the changes that have no error yet.
    private func commit(_ changes: [Result<Change, StoreError>]) async -> [StoreError?] {
        let valid = changes.compactMap { try? $0.get() }
        guard !valid.isEmpty else { return changes.map(\.error) }
        var outcomes = await withCheckedContinuation { continuation in
            queue.add(valid) { continuation.resume(returning: $0) }
        }[...]
        return changes.map { $0.error ?? outcomes.removeFirst() }
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
