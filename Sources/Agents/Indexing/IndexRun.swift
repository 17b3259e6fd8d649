internal import FilterKit
internal import Unix

/// A single run over a store, whose lock is held.
struct IndexRun {
    let store: Store
    let state: IndexState
    let options: Indexing.Options
    let filters: FilterRuns

    init(_ store: Store, _ state: IndexState, _ options: Indexing.Options) {
        self.store = store
        self.state = state
        self.options = options
        filters = FilterRuns(store)
    }

    func run(since start: ContinuousClock.Instant) async throws -> Summary {
        try await finishSwap()
        let listing = try await store.list()
        var summary =
            options.isRebuild
            ? try await Rebuild(self, listing).run() : try await update(listing)
        try end(&summary, listing)
        summary.duration = ContinuousClock.now - start
        return summary
    }

    /// Completes the swap that an earlier run began, unless a rebuild replaces its collection.
    private func finishSwap() async throws {
        guard let provenance = try state.provenance, provenance.isSwapping else {
            return Spool.removeAll(of: store)
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
            trusts: provenance?.extractorsFingerprint == store.extractorsFingerprint)
        try await updateProvenance(isIdle: true)
        var summary = Summary(plan, of: store, listing)
        summary.added = 0
        summary.removed = 0
        return try await carryOut(plan, summary)
    }

    private func carryOut(_ plan: Plan, _ summary: Summary) async throws -> Summary {
        var summary = summary
        var surplus = plan.surplus
        let documents = plan.added + plan.changed
        if !documents.isEmpty {
            let progress = Progress(
                store.name, total: documents.count, isShown: options.showsProgress)
            let upsert = DocumentUpsert(self, summary, progress, surplus: surplus)
            defer { upsert.progress.finish() }
            try await upsert.upsert(documents)
            (summary, surplus) = (upsert.summary, upsert.surplus)
        }
        if !plan.removed.isEmpty || !surplus.isEmpty {
            let deletion = DocumentDeletion(self, summary)
            try await deletion.delete(removed: plan.removed, surplus: surplus)
            summary = deletion.summary
        }
        return summary
    }

    /// Checks that new records fit those in the collection, and stores their provenance.
    ///
    /// - Parameter isIdle: True if there are no new records.
    func updateProvenance(isIdle: Bool) async throws {
        guard var known = try state.provenance else {
            if !isIdle { try state.set(try await filters.provenance()) }
            return
        }
        if isIdle, known.embedderFingerprint == store.embedderFingerprint { return }
        let before = known
        let now = try await filters.provenance()
        if let difference = known.difference(to: now) { throw store.refusal(difference) }
        known.embedderFingerprint = now.embedderFingerprint
        known.model = now.model
        if now.dimension > 0 { known.dimension = now.dimension }
        if known != before { try state.set(known) }
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
        try state.end(
            LastRun(ended: "\(Timestamp.now)", failures: summary.problems.count), provenance)
    }
}
