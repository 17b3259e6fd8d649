internal import FilterKit
internal import Unix

/// A single run over a store, whose lock is held.
struct Run {
    let store: Store
    let state: State
    let options: Indexing.Options

    init(_ store: Store, _ state: State, _ options: Indexing.Options) {
        self.store = store
        self.state = state
        self.options = options
    }

    func run(since start: ContinuousClock.Instant) async throws -> Summary {
        if let making = try state.making, making.isSwapping {
            // A rebuild replaces the collection that was to be swapped in, once it is complete.
            if !options.isRebuild {
                if let refusal = store.refusal(of: making.origin) { throw refusal }
                try await resumeSwap(making)
            }
        } else {
            removeSpools()
        }
        let listing = try await store.list()
        var summary = Summary(store.name)
        if options.isRebuild {
            summary = try await rebuild(listing)
        } else {
            let making = try state.making
            if let making, let refusal = store.refusal(of: making) { throw refusal }
            let plan = try Plan(
                listing, state, trusts: making?.extractors == store.extractorsFingerprint)
            try await prepare(making, isIdle: true)
            summary = Summary(plan, of: store, listing)
            summary.added = 0
            summary.removed = 0
            if !plan.isEmpty { try await carryOut(plan, &summary) }
        }
        var making = try state.making
        if summary.refusal == nil {
            // Documents that cannot be read now are still as the previous extractors made them.
            if listing.unknown.isEmpty { making?.extractors = store.extractorsFingerprint }
            making?.database = store.databaseFingerprint
            making?.place = store.place
            making?.origin = store.origin
        }
        try state.end(
            LastRun(ended: "\(Timestamp.now)", failures: summary.problems.count), making)
        summary.duration = ContinuousClock.now - start
        return summary
    }

    private func carryOut(_ plan: Plan, _ summary: inout Summary) async throws {
        var surplus = plan.surplus
        let documents = plan.added + plan.changed
        if !documents.isEmpty {
            let progress = Progress(
                store.name, total: documents.count, isShown: options.showsProgress)
            let upserting = Upserting(self, summary, progress, surplus: surplus)
            defer { upserting.progress.finish() }
            try await upserting.upsert(documents)
            (summary, surplus) = (upserting.summary, upserting.surplus)
        }
        if !plan.removed.isEmpty || !surplus.isEmpty {
            try await delete(plan.removed, surplus, &summary)
        }
    }

    /// Writes down what may be in the collection from now on, and then sends the records.
    ///
    /// - Returns: False if sending more is useless.
    func send(
        _ batch: inout Batch, _ ledger: Ledger, _ pipeline: Pipeline?,
        onAnswers: ([Pipeline.Answer]) throws -> Void
    ) async throws -> Bool {
        try ledger.commit()
        guard let pipeline, !batch.sizes.isEmpty else { return true }
        defer { batch = Batch() }
        return try await pipeline.send(batch.lines, sizes: batch.sizes, onAnswers: onAnswers)
    }
}
