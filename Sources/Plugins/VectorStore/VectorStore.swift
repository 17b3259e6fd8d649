internal import TextAnalysis
import Waiting

/// Collections of vectors in a folder, which several processes may use at a time.
///
/// A change that has been acknowledged is on the disk. A search sees all changes that were
/// acknowledged before it began, and never half of one. Reading needs no write access, and a folder
/// that is not there is one without collections.
package final class VectorStore: Sendable {
    let snapshots: Snapshots
    let analyzers = Analyzers()
    private let queue = CommitQueue()
    private let writer: JoinableThread

    /// - Parameters:
    ///   - folder: The folder; the first change makes a missing one with its parents, for the owner
    ///     only.
    ///   - report: Receives a sentence for the user when files are converted.
    /// - Throws: An error if the folder cannot have a store. Damage is thrown by the methods that
    ///   come upon it.
    package init(
        folder: String, report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StoreError) {
        let folder = Folder(path: folder)
        try folder.check()
        let keeper = StateKeeper(folder)
        snapshots = try Snapshots(keeper)
        let work = Writer(
            keeper, wake: { [queue] in queue.add(CommitQueue.Job(changes: []) { _ in }) }, report)
        writer = JoinableThread { [queue] in queue.run(work) }
    }

    /// Waits for changes under way to be written.
    deinit {
        queue.close()
        writer.join()
    }

    /// Makes a collection; does nothing if it already exists with that dimension.
    ///
    /// - Parameter properties: Facts that are kept with a new collection.
    package func create(
        collection: String, dimension: Int, properties: [String: String] = [:]
    ) async throws(StoreError) {
        try Limits.check(collection: collection)
        try Limits.check(dimension: dimension)
        _ = try analyzers.analyzer(for: properties)
        try await commit(
            .create(collection: collection, dimension: dimension, properties: properties))
    }

    /// Replaces the properties of a collection.
    package func setProperties(
        _ properties: [String: String], of collection: String
    ) async throws(StoreError) {
        try await commit(.setProperties(collection: collection, properties))
    }

    /// Deletes a collection and all its records.
    package func drop(collection: String) async throws(StoreError) {
        try await commit(.drop(collection: collection))
    }

    /// Gives a collection another name, at once for all readers.
    ///
    /// - Parameter replaces: True to delete a collection that has the name already.
    package func move(
        _ from: String, to: String, replaces: Bool
    ) async throws(StoreError) {
        try Limits.check(collection: to)
        try await commit(.move(from: from, to: to, replaces: replaces))
    }

    /// Writes records, each in place of one with the same id.
    ///
    /// - Returns: For each record the reason why it was not written, or nil.
    package func upsert(_ records: [(collection: String, record: Record)]) async -> [StoreError?] {
        let known = Result { () throws(StoreError) in
            try analyzers(of: Set(records.map(\.collection)))
        }
        return await commit(
            records.map { collection, record in
                Result { () throws(StoreError) in
                    guard let analyzer = try known.get()[collection] else {
                        throw StoreError.noCollection(collection)
                    }
                    return .upsert(
                        collection: collection, try EncodedRecord(record, analyzer))
                }
            })
    }

    /// Returns the analyzers of those collections that there are.
    private func analyzers(of names: Set<String>) throws(StoreError) -> [String: Analyzer] {
        try snapshots.withState { state throws(StoreError) in
            var found: [String: Analyzer] = [:]
            for name in names {
                guard let collection = try? state.collection(name) else { continue }
                found[name] = try analyzers.analyzer(for: collection.properties)
            }
            return found
        }
    }

    /// Deletes records. Deleting an unknown id succeeds, so that deletions can be repeated.
    ///
    /// - Returns: For each record the reason why it could not be deleted, or nil.
    package func delete(_ records: [(collection: String, id: String)]) async -> [StoreError?] {
        await commit(
            records.map { collection, id in
                Result { () throws(StoreError) in
                    try Limits.check(id: id)
                    return .delete(collection: collection, id: Array(id.utf8))
                }
            })
    }

    /// Merges all segments and removes all that is dead from the files.
    package func compact() async throws(StoreError) {
        let outcome = await withCheckedContinuation { continuation in
            queue.add(
                CommitQueue.Job(changes: [], compacts: true) {
                    continuation.resume(returning: $0)
                })
        }
        if let error = outcome.first ?? nil { throw error }
    }

    private func commit(_ change: Change) async throws(StoreError) {
        if let error = await commit([.success(change)])[0] { throw error }
    }

    /// Writes the changes that have no error yet.
    private func commit(_ changes: [Result<Change, StoreError>]) async -> [StoreError?] {
        let valid = changes.compactMap { try? $0.get() }
        guard !valid.isEmpty else { return changes.map(\.error) }
        var outcomes = await withCheckedContinuation { continuation in
            queue.add(
                CommitQueue.Job(changes: valid) { continuation.resume(returning: $0) })
        }[...]
        return changes.map { $0.error ?? outcomes.removeFirst() }
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
