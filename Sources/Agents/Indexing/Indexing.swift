internal import Configuration
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

        package init() {}
    }

    /// Makes a collection match its documents.
    ///
    /// - Throws: Usually `Failure`; changes made before the error stay.
    package static func index(_ store: Store, _ options: Options) async throws -> Summary {
        let start = ContinuousClock.now
        try PrivateFile.makeDirectory(store.state)
        let lock = try await lock(store, waits: options.waits)
        defer { withExtendedLifetime(lock) {} }
        do {
            let state = try IndexState(folder: store.state)
            return try await IndexRun(store.now, state, options).run(since: start)
        } catch let error as LMDBError {
            throw failure(error, of: store)
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

    /// Returns the changes that a run would make.
    ///
    /// - Parameter onDocument: Gets each document that is to be added (+), changed (~) or
    ///   removed (-), and its size.
    /// - Throws: The reason why a run would not begin, as far as it can be known without asking the
    ///   embedder.
    package static func plan(
        _ store: Store, onDocument: (Character, String, Int?) throws -> Void
    ) async throws -> Summary {
        let listing = try await store.list()
        let (state, provenance) = try known(store)
        if let provenance, let refusal = store.refusal(of: provenance) { throw refusal }
        return try plan(store, listing, state, provenance, onDocument: onDocument)
    }

    private static func plan(
        _ store: Store, _ listing: DocumentListing, _ state: IndexState?, _ provenance: Provenance?,
        onDocument: (Character, String, Int?) throws -> Void
    ) throws -> Summary {
        // During a swap, the collection may have any part of its records.
        guard let state, let provenance, !provenance.isSwapping else {
            var summary = Summary(store.name)
            summary.problems = listing.problems
            summary.tooLarge = listing.tooLarge
            for document in listing.documents {
                summary.added += 1
                summary.bytes += document.size
                try onDocument("+", document.name, document.size)
            }
            return summary
        }
        let plan = try Plan(
            listing, state, trusts: provenance.extractorsFingerprint == store.extractorsFingerprint)
        var summary = Summary(plan, of: store, listing)
        summary.bytes = 0
        let reader = DocumentReader(store)
        for document in plan.added {
            summary.bytes += document.size
            try onDocument("+", document.name, document.size)
        }
        for document in plan.changed {
            // The document is read to see whether it has changed.
            let known = try state.entry(document.name)
            let isSame = try reader.isSame(document, known)
            if isSame {
                summary.unchanged += 1
            } else {
                summary.changed += 1
                summary.bytes += document.size
                try onDocument("~", document.name, document.size)
            }
        }
        for name in plan.removed { try onDocument("-", name, nil) }
        return summary
    }

    /// The known facts about a store, and the stale documents.
    package struct Status: Sendable {
        package let store: String
        package let collection: String
        package var documents = 0
        package var chunks = 0

        /// The time as in RFC 3339; empty if no run has ended.
        package var lastRun = ""
        package var lastFailures = 0
        package var model = ""
        package var dimension = 0

        /// The changes that a run would make.
        package var plan: Summary

        /// The reason why a run would not make these changes; nil if none is known.
        package var refusal: String?
        package let state: String
    }

    package static func status(of store: Store) async throws -> Status {
        let listing = try await store.list()
        let (state, provenance) = try known(store)
        let plan = try plan(store, listing, state, provenance) { _, _, _ in }
        var status = Status(
            store: store.name, collection: store.collection, plan: plan, state: store.state)
        if let run = try state?.lastRun {
            (status.lastRun, status.lastFailures) = (run.ended, run.failures)
        }
        guard let state, let provenance else { return status }
        if !provenance.isSwapping {
            try state.forEach { _, entry in
                status.chunks += entry.records
                if case .records? = entry.version?.content { status.documents += 1 }
            }
        }
        status.refusal = store.refusal(of: provenance)?.message
        status.model = provenance.model
        status.dimension = provenance.dimension
        return status
    }

    /// Returns the state, and the provenance if the state has one.
    private static func known(_ store: Store) throws -> (IndexState?, Provenance?) {
        guard (try? File("\(store.state)/data.mdb")) != nil else { return (nil, nil) }
        do {
            let state = try IndexState(folder: store.state)
            return (state, try state.provenance)
        } catch let error as LMDBError {
            throw failure(error, of: store)
        }
    }

    private static func failure(_ error: LMDBError, of store: Store) -> Failure {
        let advice =
            error.isUnusableFile ? "; move '\(store.state)' away and use --rebuild" : ""
        return Failure(.ioError, "\(error)\(advice)")
    }

    private static func lock(_ store: Store, waits: Bool) async throws -> FileLock {
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
        problems = listing.problems
        folders = listing.folders
    }
}
