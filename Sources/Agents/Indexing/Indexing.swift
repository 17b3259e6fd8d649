internal import Configuration
internal import Documents
internal import FilterKit
internal import JSON
internal import LMDB
internal import Unix

/// Runs over document stores.
package enum Indexing {
    package struct Options: Sendable {
        /// True to make all records again.
        package var isRebuild = false

        /// True to wait for another run to end.
        package var waits = false
        package var showsProgress = false

        /// True to try documents again that would fail as before.
        package var isRetry = false

        /// The options of hector-search watch through which new and changed chunks are put; nil for none.
        package var watch: [String]?

        /// Gets each line of a chunk that answers a standing question.
        package var onNotice: @Sendable ([UInt8]) -> Void = { _ in }

        /// The world for which a plan was made; nil for a run without a plan.
        package var world: String?

        package init() {}
    }

    /// Makes a collection match its documents.
    ///
    /// - Throws: Usually `Failure`; changes made before the error stay.
    package static func index(_ store: Store, _ options: Options) async throws -> Summary {
        let start = ContinuousClock.now
        let store = try await StoreMove.finish(try store.located(), waits: options.waits)
        try PrivateFile.makeDirectory(store.state)
        let lock = try await lock(store, waits: options.waits)
        defer { withExtendedLifetime(lock) {} }
        do {
            let state = try IndexState(folder: store.state)
            return try await IndexRun(store.now, state, options).run(since: start)
        } catch let error as LMDBError {
            throw failure(error, of: store.state)
        }
    }

    /// Makes collections match their documents, and repeats that whenever the documents change,
    /// until the task is cancelled.
    ///
    /// - Parameter onRun: Gets each run's summary or error; returns whether the run was a success.
    package static func watch(
        _ stores: [Store], _ options: Options,
        onRun: (Store, Result<Summary, any Error>) async throws -> Bool
    ) async throws {
        var watcher = try StoreWatcher(stores, options)
        try await watcher.run(onRun: onRun)
    }

    /// The known facts about a store, and the stale documents.
    package struct Status: Sendable {
        package let store: String
        package let collection: String

        /// The folder or file, or the folder in which the command is run.
        package let place: String
        package var documents = 0
        package var chunks = 0

        /// The time as in RFC 3339; empty if no run has ended.
        package var lastRun = ""
        package var lastFailures = 0
        package var model = ""
        package var dimension = 0

        /// The changes that a run would make.
        package var plan: Summary

        /// The documents that have failed and would fail again, with the reasons.
        package var failures: [(name: String, message: String)] = []

        /// The files that are not documents.
        package var skipped: [SkippedFile] = []

        /// The reason why a run would not make these changes; nil if none is known.
        package var refusal: String?
        package let state: String
    }

    /// - Parameter listsSkipped: True to list the files that are not documents.
    package static func status(
        of store: Store, listsSkipped: Bool = false
    ) async throws -> Status {
        let listing = try await store.list(all: listsSkipped)
        let (state, provenance) = try known(store)
        let assessment = Assessment(store, listing, state, provenance)
        let plan = try await assessment.summary()
        var status = Status(
            store: store.name, collection: store.collection, place: store.place, plan: plan,
            state: store.state)
        status.skipped = listsSkipped ? listing.skipped + plan.newlySkipped : []
        if let run = try state?.lastRun {
            (status.lastRun, status.lastFailures) = (run.ended, run.failures)
        }
        guard let state, let provenance else { return status }
        if !provenance.isSwapping {
            let present = Set(
                listsSkipped ? listing.documents.lazy.map { Name($0.name) } : [])
            var reported = Set(plan.newlySkipped.map { Name($0.name) })
            try state.forEach { name, entry in
                status.chunks += entry.records
                if entry.isDocument { status.documents += 1 }
                guard listsSkipped, case .skipped(let code)? = entry.version?.content,
                    present.contains(Name(name)), reported.insert(Name(name)).inserted,
                    !assessment.isStale(name)
                else { return }
                status.skipped.append(SkippedFile(name: name, reason: .remembered(code)))
            }
        }
        status.failures = assessment.plan?.failedBefore.map { ($0.name, $0.failure.message) } ?? []
        status.refusal = store.refusal(of: provenance)?.message
        status.model = provenance.model
        status.dimension = provenance.dimension
        return status
    }

    /// Returns the state, and the provenance if the state has one.
    static func known(_ store: Store) throws -> (IndexState?, Provenance?) {
        guard (try? File("\(store.state)/data.mdb")) != nil else { return (nil, nil) }
        do {
            let state = try IndexState(folder: store.state)
            return (state, try state.provenance)
        } catch let error as LMDBError {
            throw failure(error, of: store.state)
        }
    }

    static func failure(_ error: LMDBError, of state: String) -> Failure {
        let advice =
            error.isUnusableFile ? "; move '\(state)' away and use --rebuild" : ""
        return Failure(.ioError, "\(error)\(advice)")
    }

    static func lock(_ store: Store, waits: Bool) async throws -> FileLock {
        let path = "\(store.state)/lock"
        if let lock = try FileLock.take(path) { return lock }
        if waits { return try await FileLock.wait(for: path) }
        throw Failure(
            .tryLater, "another run has the store '\(store.name)'; --wait waits for its end")
    }
}

extension Summary {
    init(_ plan: Plan, of store: Store, _ listing: DocumentListing) {
        self.init(store.name)
        added = plan.added.count
        removed = plan.removed.count
        unchanged = plan.unchanged
        skipped = plan.skipped
        chunks = plan.chunks
        tooLarge = listing.tooLarge
        failedBefore = plan.failedBefore.count
        problems = listing.problems
        folders = listing.folders
    }
}
