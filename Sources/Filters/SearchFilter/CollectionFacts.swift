package import FilterKit
package import PluginHost
internal import Synchronization
internal import Unix

/// The facts about a database and one of its collections, each asked for at most once, except by
/// `current`.
package final class CollectionFacts: Sendable {
    package let database: Database
    package let name: String
    private let manifest = Mutex(Task<Result<[String: String], PluginError>, Never>?.none)
    private let entry = Mutex(Task<Database.Collection?, Never>?.none)
    private let isAllowed = Mutex(false)

    package init(_ database: Database, collection: String) {
        self.database = database
        name = collection
    }

    /// Returns the facts that the database states about itself.
    private func capabilities() async throws(PluginError) -> [String: String] {
        let task = manifest.withLock { manifest in
            if let manifest { return manifest }
            let task = Task { [database] () async -> Result<[String: String], PluginError> in
                do throws(PluginError) {
                    return .success(try await database.capabilities())
                } catch { return .failure(error) }
            }
            manifest = task
            return task
        }
        return try await task.value.get()
    }

    /// Returns true if the database says that it can do something; false if it cannot be asked.
    package func can(_ capability: String) async -> Bool {
        (try? await capabilities()[capability]) == "true"
    }

    /// Checks that the database can do what the user asks for. It would ignore what it does not
    /// know, and do something else.
    ///
    /// - Parameters:
    ///   - purpose: The ability in words, to follow "can".
    ///   - option: The option that asks for it.
    /// - Throws: `Failure` if it does not say that it can; `PluginError`.
    package func require(_ capability: String, _ purpose: String, for option: String) async throws {
        if try await capabilities()[capability] == "true" { return }
        throw Failure(
            .configuration,
            "plugin '\(database.plugin.name)' does not say that it can \(purpose) "
                + "(capability '\(capability)'), which \(option) needs")
    }

    /// Checks that the database has a catalog.
    ///
    /// - Throws: `Failure` if it does not; `PluginError`.
    package func requireCatalog() async throws {
        if try await capabilities()["catalog"] == "true" { return }
        throw Failure(
            .configuration,
            "plugin '\(database.plugin.name)' has no catalog (capability 'catalog')")
    }

    /// Returns what the database's catalog says about the collection; nil if there is no catalog,
    /// or no such collection.
    package func collection() async -> Database.Collection? {
        let task = entry.withLock { entry in
            if let entry { return entry }
            let task = Task { await find() }
            entry = task
            return task
        }
        return await task.value
    }

    /// Returns what the database's catalog says now. Another collection may have taken the place of
    /// the one that was there before.
    func current() async -> Database.Collection? {
        let found = await find()
        entry.withLock { $0 = Task { found } }
        return found
    }

    /// Returns the reason why the collection is not one of a place's records; nil if it is, as far as
    /// is known, and if the place of its records no longer exists, because it may have been moved.
    package func refusal(ofSource source: String?) async -> Failure? {
        guard let source, !isAllowed.withLock({ $0 }) else { return nil }
        if let held = await collection()?.properties["source"], held.hasPrefix("/"),
            Path.real(held) != Path.real(source), (try? File(held)) != nil
        {
            return Failure(
                .configuration,
                "collection '\(name)' holds the documents of '\(held)', not of '\(source)': index "
                    + "these with hector index, or give their store a 'collection' of its own")
        }
        isAllowed.withLock { $0 = true }
        return nil
    }

    private func find() async -> Database.Collection? {
        guard await can("catalog") else { return nil }
        // A collection with this prefix may come first.
        return try? await database.collections(prefix: name).first {
            $0.name.utf8.elementsEqual(name.utf8)
        }
    }

    /// Returns the reason why an embedder's vectors do not belong in the collection; nil if they do
    /// as far as is known.
    ///
    /// - Parameter dimension: The length of its vectors.
    func conflict(
        with embedder: Embedder, model own: String, dimension: Int
    ) async -> Failure? {
        guard let collection = await collection() else { return nil }
        let model = collection.properties["model"] ?? ""
        let isOther = !model.isEmpty && !own.isEmpty && model != own
        if !isOther, collection.dimension == dimension || collection.dimension == 0 { return nil }
        let name = embedder.plugin.name
        let its = "'\(name)' makes vectors of \(own.isEmpty ? "" : "model \(own), ")\(dimension)"
        guard let maker = collection.maker else {
            return Failure(
                .configuration,
                "collection '\(self.name)' has vectors of \(collection.dimension) numbers, and "
                    + "\(its): use the embedder that made the collection")
        }
        let advice =
            collection.properties["embedder"] == name
            ? "\(its) now" : "use --embedder \(collection.properties["embedder"] ?? "")"
        return Failure(.configuration, "collection '\(self.name)' was made by \(maker): \(advice)")
    }

    /// Returns the error of a vector that the database has refused: if it has the wrong length,
    /// with the embedder whose vectors are in the collection.
    func explained(_ error: PluginError, dimension: Int) async -> PluginError {
        guard error.code == .failed || error.code == .invalid, dimension > 0,
            let collection = await collection(), collection.dimension != dimension,
            let maker = collection.maker
        else { return error }
        return PluginError(
            error.code,
            "collection '\(name)' was made by \(maker), and this vector has \(dimension) numbers: "
                + "use --embedder \(collection.properties["embedder"] ?? "")")
    }
}

extension Database.Collection {
    /// True if vectors for another collection are of use in this one.
    func isMadeLike(_ other: Database.Collection) -> Bool {
        dimension == other.dimension
            && ["embedder", "model"].allSatisfy { properties[$0] == other.properties[$0] }
    }

    /// The embedder that made the vectors with its model, in words; nil if it is not known.
    fileprivate var maker: String? {
        guard let embedder = properties["embedder"], !embedder.isEmpty else { return nil }
        let model = properties["model"].map { "model \($0), " } ?? ""
        return "'\(embedder)' (\(model)\(dimension))"
    }
}
