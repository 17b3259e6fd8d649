internal import FilterKit
internal import Unix

/// Makes all records of a store again, in a spool that then replaces the collection.
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
        let pending = try run.state.provenance?.spool
        let spool = Spool(of: run.store, besides: pending)
        let written = try await SpoolWriter.write(listing.documents, to: spool, for: run, summary)
        summary = written.summary
        if let refusal = try refusal(of: written, isSwapping: pending != nil) {
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

    /// Returns a failure if the collection has documents that are missing in the spool.
    private func refusal(of written: SpoolWriter, isSwapping: Bool) throws -> Failure? {
        let isComplete = listing.unknown.isEmpty && listing.damaged.isEmpty
        if written.failed.isEmpty && isComplete { return nil }
        var lost = 0
        var status = ExitStatus.incomplete
        for (name, entry) in try entries(isSwapping: isSwapping) {
            let isExhausted = written.failed[name]
            guard entry.records > 0, written.versions[name] == nil,
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
