internal import FilterKit
internal import Unix

/// Makes all records of a store again, in a second collection that then takes the place of the first
/// at once. If the database cannot move a collection, they are made in a spool that then replaces it.
///
/// Embedding takes long and may fail, so it is completed before the collection is changed.
struct Rebuild {
    private let run: IndexRun
    private let listing: DocumentListing

    init(_ run: IndexRun, _ listing: DocumentListing) {
        self.run = run
        self.listing = listing
    }

    func run() async throws -> Summary {
        var summary = Summary(run.store.name)
        summary.tooLarge = listing.tooLarge
        summary.problems = listing.problems
        summary.folders = listing.folders
        let provenance = try await run.filters.provenance()
        if try await run.filters.collections(NextCollection.name(of: run.store)) != nil {
            return try await fillNext(provenance, summary)
        }
        let pending = try run.state.provenance?.spool
        let spool = Spool(of: run.store, besides: pending)
        let written = try await SpoolWriter.write(listing.documents, to: spool, for: run, summary)
        summary = written.summary
        for problem in summary.problems.dropFirst(listing.problems.count) {
            run.failures?.note(problem)
        }
        let refusal = try refusal(
            written.versions, written.failed, isSwapping: pending != nil)
        if let refusal {
            spool.remove()
            return try refused(summary, refusal, isSwapping: pending != nil)
        }
        let file = try InputFile(opening: spool.path)
        try run.state.beginSwap(
            to: provenance, spool.name,
            written.versions.map { ($0.key.text, DocumentEntry($0.value)) })
        summary.problems += try await CollectionSwap.replace(provenance, from: file, in: run)
        return summary
    }

    private func fillNext(_ provenance: Provenance, _ summary: Summary) async throws -> Summary {
        let next = try await NextCollection.fill(listing.documents, provenance, for: run, summary)
        if let refusal = try refusal(next.versions, next.failed, isSwapping: false) {
            try await NextCollection.drop(in: run)
            return try refused(next.summary, refusal, isSwapping: false)
        }
        try await next.replaceFirst(provenance)
        return next.summary
    }

    /// Returns a failure if the collection has documents that were not made again.
    private func refusal(
        _ versions: [Name: DocumentEntry.Version], _ failed: [Name: Bool], isSwapping: Bool
    ) throws -> Failure? {
        let isComplete = listing.unknown.isEmpty && listing.damaged.isEmpty
        if failed.isEmpty && isComplete { return nil }
        var lost = 0
        var status = ExitStatus.incomplete
        for (name, entry) in try entries(isSwapping: isSwapping) {
            let isExhausted = failed[name]
            guard entry.records > 0, versions[name] == nil,
                isExhausted != nil || listing.mayHave(name.text)
            else { continue }
            lost += 1
            if isExhausted == true { status = .tryLater }
        }
        if lost == 0 { return nil }
        return Failure(
            status,
            "a rebuild would lose \(lost) document\(lost == 1 ? "" : "s"); the collection is left "
                + "as it was")
    }

    /// Returns the entries of the current collection, or of the collection that is replacing it.
    private func entries(isSwapping: Bool) throws -> [Name: DocumentEntry] {
        if isSwapping { return try run.state.swapped() }
        var entries: [Name: DocumentEntry] = [:]
        try run.state.forEach { entries[Name($0)] = $1 }
        return entries
    }

    /// Returns the summary of a rebuild that did not change anything, with the changes that a run
    /// would make.
    private func refused(
        _ attempt: Summary, _ refusal: Failure, isSwapping: Bool
    ) throws -> Summary {
        var summary = Summary(run.store.name)
        if !isSwapping {
            let trusts =
                try run.state.provenance?.extractorsFingerprint == run.store.extractorsFingerprint
            summary = Summary(try Plan(listing, run.state, trusts: trusts), of: run.store, listing)
            summary.added = 0
            summary.removed = 0
        }
        summary.tooLarge = attempt.tooLarge
        summary.problems = attempt.problems
        summary.folders = attempt.folders
        summary.bytes = attempt.bytes
        summary.refusal = refusal
        return summary
    }
}
