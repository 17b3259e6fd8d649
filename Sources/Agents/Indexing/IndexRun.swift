internal import Documents
internal import FilterKit
internal import Stores
internal import Unix

/// A single run over a store, whose lock is held.
struct IndexRun {
    let store: Store
    let state: IndexState
    let options: Indexing.Options
    let filters: FilterRuns

    /// The documents that failed, once they are listed.
    let failures: FailureLedger?

    init(_ store: Store, _ state: IndexState, _ options: Indexing.Options) {
        self.store = store
        self.state = state
        self.options = options
        filters = FilterRuns(store)
        failures = nil
    }

    private init(_ run: IndexRun, _ failures: FailureLedger) {
        (store, state, options, filters) = (run.store, run.state, run.options, run.filters)
        self.failures = failures
    }

    func run(since start: ContinuousClock.Instant) async throws -> Summary {
        try await finishSwap()
        let listing = try await store.list()
        // A store is known once its documents could be listed.
        if store.location.record == nil { try store.record.write(in: store.state) }
        if let expected = options.world {
            guard try World.digest(of: store, listing, state) == expected else {
                throw Failure(
                    .badInput,
                    "the plan for '\(store.name)' is stale: documents, settings or the collection "
                        + "have changed since; make a new one")
            }
        }
        if options.watch != nil { try state.setStandingQuestions() }
        let run = IndexRun(self, try FailureLedger(store, state, listing))
        var summary =
            options.isRebuild
            ? try await Rebuild(run, listing).run() : try await run.update(listing)
        try run.end(&summary, listing)
        if let watch = options.watch {
            do {
                try await StandingQuestions(run, watch).answer(listing)
            } catch let failure as Failure {
                summary.unasked = failure
            }
        }
        summary.duration = ContinuousClock.now - start
        return summary
    }

    /// Completes the swap that an earlier run began, unless a rebuild replaces its collection.
    private func finishSwap() async throws {
        guard let provenance = try state.provenance, provenance.isSwapping else {
            Spool.removeAll(of: store)
            if !options.isRebuild { try await NextCollection.drop(in: self) }
            return
        }
        if let spool = provenance.spool, NextCollection.name(ofSpool: spool) != nil {
            // It is done in a moment, and the collection is whole then.
            return try await CollectionSwap.resume(self, provenance)
        }
        if options.isRebuild { return }
        if let refusal = store.refusal(of: provenance.origin) { throw refusal }
        try await CollectionSwap.resume(self, provenance)
    }

    private func update(_ listing: DocumentListing) async throws -> Summary {
        let provenance = try state.provenance
        if let provenance, let refusal = store.refusal(of: provenance) { throw refusal }
        let plan = try Plan(
            listing, state,
            trusts: provenance?.extractorsFingerprint == store.extractorsFingerprint,
            failures: options.isRetry ? [:] : try state.failures(),
            settings: store.failureSettings)
        try await updateProvenance(isIdle: true)
        if let provenance, Name(provenance.place) != Name(store.place) {
            // The folder was moved, and another may get the place that it had.
            try await filters.createCollection(provenance)
            try state.set(try state.provenance.map(placed) ?? provenance)
        }
        var summary = Summary(plan, of: store, listing)
        summary.added = 0
        summary.removed = 0
        return try await carryOut(plan, summary)
    }

    private func placed(_ provenance: Provenance) -> Provenance {
        var provenance = provenance
        provenance.place = store.place
        return provenance
    }

    private func carryOut(_ plan: Plan, _ summary: Summary) async throws -> Summary {
        var summary = summary
        var surplus = plan.surplus
        let documents = plan.added + plan.changed
        if !documents.isEmpty {
            let progress = Progress(
                store.name, total: documents.count, isShown: options.showsProgress)
            let upsert = try DocumentUpsert(self, summary, progress, surplus: surplus)
            defer { upsert.progress.finish() }
            try await upsert.upsert(documents)
            (summary, surplus) = (upsert.summary, upsert.surplus)
        }
        let removed = plan.removed + plan.forgotten
        if !removed.isEmpty || !surplus.isEmpty {
            let deletion = DocumentDeletion(self, summary)
            try await deletion.delete(removed: removed, surplus: surplus)
            summary = deletion.summary
        }
        return summary
    }

    /// Checks that new records fit those in the collection, and stores their provenance.
    ///
    /// The embedder is asked for its description if its settings have changed. If it has another
    /// model with the same ones, that shows with the first vector.
    ///
    /// - Parameter isIdle: True if there are no new records.
    /// - Returns: The provenance of the collection; nil if there is none, and there are no records.
    @discardableResult
    func updateProvenance(isIdle: Bool) async throws -> Provenance? {
        guard var known = try state.provenance else {
            if isIdle { return nil }
            let provenance = try await filters.provenance()
            try state.set(provenance)
            return provenance
        }
        if known.embedderFingerprint == store.embedderFingerprint,
            isIdle || !known.plugin.isEmpty && known.dimension > 0
        {
            return known
        }
        let before = known
        let now = try await filters.provenance()
        if let difference = known.difference(to: now) { throw store.refusal(difference) }
        known.embedderFingerprint = now.embedderFingerprint
        known.model = now.model
        if now.dimension > 0 { known.dimension = now.dimension }
        (known.plugin, known.alpha) = (now.plugin, now.alpha)
        if known != before { try state.set(known) }
        return known
    }

    private func end(_ summary: inout Summary, _ listing: DocumentListing) throws {
        var provenance = try state.provenance
        if summary.refusal == nil {
            // The records of documents that cannot be read now are still from the previous
            // extractors.
            if listing.unknown.isEmpty {
                provenance?.extractorsFingerprint = store.extractorsFingerprint
            }
            provenance?.databaseFingerprint = store.databaseFingerprint
            provenance?.place = store.place
            provenance?.origin = store.origin
        }
        if summary.refusal == nil { try failures?.commit() }
        try reportSkipped(&summary, listing)
        try state.end(
            LastRun(ended: "\(Timestamp.now)", failures: summary.problems.count), provenance)
        if summary.refusal == nil, store.location.record != store.record {
            try store.record.write(in: store.state)
        }
    }

    /// Notes which files are skipped, and finds those that were not reported before.
    private func reportSkipped(_ summary: inout Summary, _ listing: DocumentListing) throws {
        let known = try state.skippedFiles()
        let current =
            listing.skipped
            + summary.newlySkipped.map {
                SkippedFile(name: $0.name, reason: $0.reason)
            }
        summary.newlySkipped = current.filter { known[Name($0.name)] != $0.reason.code }
        var changes = summary.newlySkipped.map { ($0.name, Optional($0.reason.code)) }
        if !known.isEmpty {
            let names = Set(current.map { Name($0.name) })
            let others = known.keys.map(\.text).filter { !names.contains(Name($0)) }
            var position = 0
            _ = try state.lookUp(others) { entry in
                if entry?.version?.isSkipped != true { changes.append((others[position], nil)) }
                position += 1
            }
        }
        try state.commit(skipped: changes)
    }
}
