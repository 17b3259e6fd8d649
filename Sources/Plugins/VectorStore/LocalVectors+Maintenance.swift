package import PluginKit
internal import Waiting

extension LocalVectors: MaintainedDatabaseProvider {
    /// The time between two reports while the files are read.
    private static let interval = Duration.seconds(5)

    /// The files hold all collections; of a single one, only the damage that concerns it is
    /// reported.
    package func verify(
        _ collection: String, sendingTo send: @Sendable (VerifyReport) async throws -> Void
    ) async throws {
        let store = try store
        try store.require(collection)
        // This reads for a long time, so it has a thread of its own.
        let reading = Latch.onThread { () -> Result<[Damage], StoreError> in
            do throws(StoreError) { return .success(try store.verify()) } catch {
                return .failure(error)
            }
        }
        while await reading.wait(atMost: Self.interval) == nil {
            try Task.checkCancellation()
            try await send(VerifyReport(bytes: 0))
        }
        for damage in try reading.value?.get() ?? [] {
            let concerns = ["collection '\(collection)'", "all collections"]
            guard collection.isEmpty || concerns.contains(where: damage.affected.contains) else {
                continue
            }
            try await send(VerifyReport(problem: damage.description, bytes: 0))
        }
        try await send(VerifyReport(bytes: try store.size()))
    }

    /// The files hold all collections, and are all written again.
    package func compact(_ collection: String) async throws -> (before: Int, after: Int) {
        let store = try store
        try store.require(collection)
        let before = try store.size()
        try await store.compact()
        return (before, try store.size())
    }
}

extension VectorStore {
    /// - Parameter name: Empty for no collection in particular.
    /// - Throws: An error if there is no such collection. What follows reports a damaged catalog.
    fileprivate func require(_ name: String) throws(StoreError) {
        guard !name.isEmpty, let known = try? collections(prefix: name) else { return }
        if !known.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            throw .noCollection(name)
        }
    }

    /// Returns the bytes of its files.
    fileprivate func size() throws(StoreError) -> Int { try snapshots.keeper.folder.size() }
}
