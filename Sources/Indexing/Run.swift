internal import Command
internal import Unix

/// One run over a store, whose lock is held.
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
            try await swap(making)
        } else {
            removeSpool()
        }
        let listing = try await store.list()
        var summary = Summary(store.name)
        if options.isRebuild {
            summary = try await rebuild(listing)
        } else {
            let making = try state.making
            if let making { try refuseOtherPlace(making) }
            let plan = try Plan(
                listing, state, trusts: making?.extractors == store.extractorsFingerprint)
            try await prepare(making, isIdle: true)
            summary = Summary(plan, of: store, listing)
            summary.added = 0
            summary.removed = 0
            if !plan.isEmpty { try await carryOut(plan, &summary) }
        }
        if var making = try state.making {
            making.lastRun = "\(Timestamp.now)"
            making.lastFailures = summary.problems.count
            making.extractors = store.extractorsFingerprint
            making.place = store.place
            try state.set(making)
        }
        summary.duration = ContinuousClock.now - start
        return summary
    }

    private func carryOut(_ plan: Plan, _ summary: inout Summary) async throws {
        var surplus = plan.surplus
        var progress = Progress(
            store.name, total: plan.added.count + plan.changed.count,
            isShown: options.showsProgress)
        defer { progress.finish() }
        if !plan.added.isEmpty || !plan.changed.isEmpty {
            try await upsert(plan, &summary, &progress, &surplus)
        }
        if !plan.removed.isEmpty || !surplus.isEmpty {
            try await delete(plan.removed, surplus, &summary)
        }
    }
}
