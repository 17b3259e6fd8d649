internal import Documents
internal import FilterKit

/// A second collection that a rebuild fills while the first one is searched. It then takes the place
/// of the first at once.
final class NextCollection {
    private let run: IndexRun
    private let name: String
    private(set) var summary: Summary

    /// The documents of which all records are stored.
    private(set) var versions: [Name: DocumentEntry.Version] = [:]

    /// The documents that failed; true if the only reason was a rate or a quota.
    private(set) var failed: [Name: Bool] = [:]
    private var refusals: [Name: Refusal] = [:]

    /// The highest number of a record that may be there, by the answers. Records that the database
    /// has refused need not be deleted; it might refuse that, too.
    private var possible: [Name: Int] = [:]
    private var batch = RecordBatch()

    /// The mark of a spool's name in the state that stands for a collection.
    private static let mark = "collection:"

    /// Returns the name of the next collection of a store.
    static func name(of store: Store) -> String { "\(store.collection).next" }

    /// The name by which the state notes that a collection is complete and takes the other's place.
    static func spoolName(_ name: String) -> String { mark + name }

    /// Returns the collection that a state's note names; nil for a spool.
    static func name(ofSpool name: String) -> String? {
        name.hasPrefix(mark) ? String(name.dropFirst(mark.count)) : nil
    }

    /// Makes all records again in the next collection.
    ///
    /// - Throws: The error that ends the rebuild.
    static func fill(
        _ documents: [DocumentListing.Document], _ provenance: Provenance, for run: IndexRun,
        _ summary: Summary
    ) async throws -> NextCollection {
        let next = NextCollection(run, summary)
        try run.state.set(nextCollection: next.name)
        try await run.filters.dropCollection(next.name)
        try await run.filters.createCollection(provenance, isNew: true, name: next.name)
        try await next.store(documents, provenance)
        next.complete()
        return next
    }

    private init(_ run: IndexRun, _ summary: Summary) {
        self.run = run
        self.summary = summary
        name = Self.name(of: run.store)
    }

    private func store(
        _ documents: [DocumentListing.Document], _ provenance: Provenance
    ) async throws {
        let pipeline = try await Pipeline.start(
            run.store.embedAndUpsert(provenance, into: name, isNew: true),
            environment: run.store.environment)
        var progress = Progress(
            run.store.name, total: documents.count, isShown: run.options.showsProgress)
        defer { progress.finish() }
        do {
            var readAhead = ReadAhead(documents, DocumentReader(run.store), nil)
            while let (reading, _) = try await readAhead.next() {
                take(reading)
                progress.add(1)
                if batch.isFull, try await !batch.send(to: pipeline, onAnswers: note) { break }
            }
            _ = try await batch.send(to: pipeline, onAnswers: note)
            try await pipeline.finish(onAnswers: note)
        } catch {
            await pipeline.cancel()
            throw error
        }
    }

    private func take(_ reading: DocumentReading) {
        let name = Name(reading.name)
        switch reading.outcome {
        case .same, .gone: break
        case .problem(let problem):
            failed[name] = false
            let problem = Problem(name: reading.name, message: problem)
            summary.problems.append(problem)
            run.failures?.note(problem)
        case .skipped(let reason, let version):
            versions[name] = version
            summary.skipped += 1
            summary.newlySkipped.append(
                SkippedFile(name: reading.name, reason: reason))
        case .records(let lines, let version):
            versions[name] = version
            summary.bytes += version.size
            batch.add(lines)
        }
    }

    private func note(_ answers: [Pipeline.Answer]) async throws {
        for answer in answers {
            let name = Name(run.store.document(of: answer.id))
            if answer.problem?.isCertain != true {
                possible[name] = max(possible[name] ?? 0, run.store.number(of: answer.id))
            }
            guard let problem = answer.problem else { continue }
            refusals[name] = problem
            failed[name] = problem.isExhausted || failed[name] == true
        }
    }

    private func complete() {
        for (name, refusal) in refusals.sorted(by: { $0.key.text < $1.key.text }) {
            versions[name] = nil
            let problem = Problem("index", name.text, refusal)
            summary.problems.append(problem)
            run.failures?.note(problem, refusal)
        }
        for name in versions.keys { run.failures?.clear(name.text) }
        summary.added = versions.values.count { !$0.isSkipped }
        summary.chunks = versions.values.reduce(0) { $0 + $1.records }
    }

    /// The entries of the state once the collection is the store's own.
    var entries: [(name: String, entry: DocumentEntry)] {
        versions.map { ($0.key.text, DocumentEntry($0.value)) }
            + possible.filter { versions[$0.key] == nil }.map {
                ($0.key.text, DocumentEntry(.unacknowledged, possible: $0.value))
            }
    }

    /// Puts the collection in place of the store's own.
    func replaceFirst(_ provenance: Provenance) async throws {
        try run.state.beginSwap(to: provenance, Self.spoolName(name), entries)
        try await Self.finish(name, provenance, in: run)
    }

    /// Completes the replacement, which an earlier run may have begun.
    static func finish(
        _ name: String, _ provenance: Provenance, in run: IndexRun
    ) async throws {
        let entries = try run.state.swapped()
        let names = try await run.filters.collections(name) ?? []
        if names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            try await run.filters.move(name, to: run.store.collection)
        } else if entries.values.allSatisfy({ $0.records == 0 }) {
            // Without a record it was never created, or it was moved and is empty.
            try await run.filters.dropCollection()
        }
        try run.state.endSwap(provenance, entries)
        try run.state.set(nextCollection: nil)
    }

    /// Deletes the collection, which a rebuild that was not completed may have left.
    static func drop(in run: IndexRun) async throws {
        guard let name = try run.state.nextCollection else { return }
        try await run.filters.dropCollection(name)
        try run.state.set(nextCollection: nil)
    }
}
