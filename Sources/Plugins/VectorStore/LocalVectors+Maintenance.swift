package import PluginKit
internal import Waiting

extension LocalVectors: MaintainedDatabaseProvider {
    /// The time between reports that say only that the work goes on.
    private static let pause = Duration.seconds(2)

    /// Reads the files of all collections, as they share them.
    package func verify(
        _ collection: String, sendingTo send: @Sendable (VerifyReport) async throws -> Void
    ) async throws {
        let store = try store
        if !collection.isEmpty { try store.require(collection) }
        let size = store.size
        let outcome = Latch<Result<[Damage], StoreError>>()
        detachThread {
            outcome.set(Result { () throws(StoreError) in try store.verify() })
        }
        while true {
            if let found = await outcome.wait(atMost: Self.pause) {
                for damage in try found.get() {
                    try await send(VerifyReport(problem: "\(damage)", bytes: size))
                }
                return try await send(VerifyReport(bytes: size))
            }
            try Task.checkCancellation()
            try await send(VerifyReport(bytes: 0))
        }
    }

    /// Compacts all collections, as they share files.
    package func compact(_ collection: String) async throws -> (before: Int, after: Int) {
        let store = try store
        if !collection.isEmpty { try store.require(collection) }
        let before = store.size
        try await store.compact()
        return (before, store.size)
    }
}

extension VectorStore {
    /// - Throws: An error if there is no such collection.
    fileprivate func require(_ name: String) throws(StoreError) {
        if !(try collections(prefix: name).contains { $0.name == name }) {
            throw StoreError.noCollection(name)
        }
    }
}
