/// Stores the records of new and changed documents in the collection.
final class DocumentUpsert {
    private let run: IndexRun
    private let updates: EntryUpdates
    private(set) var summary: Summary
    private(set) var progress: Progress

    /// Documents for which the collection may hold records that they no longer have.
    private(set) var surplus: [String]

    /// The filter. It is started only when a document has really changed.
    private var pipeline: Pipeline?
    private var inFlight = DocumentsInFlight<Target>()
    private var notifier: Notifier?
    private var digests: [(name: String, digests: [UInt8])] = []
    private var batch = RecordBatch()

    /// The number of documents in a batch.
    private static let batchDocuments = 256

    /// A document whose records are stored.
    private struct Target {
        let name: String

        /// The entry once all records are acknowledged.
        let stored: DocumentEntry

        /// The entry if a record is not acknowledged.
        var failed: DocumentEntry
        let isNew: Bool

        /// The lines of new and changed chunks for standing questions, and the digests of all chunks.
        var notice: [UInt8] = []
        var chunks: [UInt8]?
    }

    init(_ run: IndexRun, _ summary: Summary, _ progress: Progress, surplus: [String]) {
        self.run = run
        updates = EntryUpdates(run.state)
        self.summary = summary
        self.progress = progress
        self.surplus = surplus
    }

    /// - Throws: The error that ends the run. Acknowledged records are in the state by then.
    func upsert(_ documents: [DocumentListing.Document]) async throws {
        do {
            var isUseful = true
            var readAhead = ReadAhead(documents, DocumentReader(run.store), run.state)
            while isUseful, let (reading, known) = try await readAhead.next() {
                try await take(reading, known)
                if batch.isFull || updates.count >= Self.batchDocuments {
                    isUseful = try await send()
                }
            }
            if isUseful { _ = try await send() }
            try await pipeline?.finish(onAnswers: note)
            try updates.commit()
            try await notifier?.finish()
            try run.state.commit(chunks: digests)
        } catch {
            await pipeline?.cancel()
            await notifier?.cancel()
            try? note(pipeline?.take() ?? [])
            try? updates.commit()
            throw error
        }
    }

    private func take(_ reading: DocumentReading, _ known: DocumentEntry?) async throws {
        switch reading.outcome {
        case .same(let version):
            add(reading.name, DocumentEntry(.stored(version), possible: known?.possible ?? 0))
            if version.isSkipped { summary.skipped += 1 } else { summary.unchanged += 1 }
        case .gone:
            // The next run will handle the removed document.
            break
        case .problem(let problem):
            if let known { updates.add(reading.name, known.doubted()) }
            let problem = Problem(name: reading.name, message: problem)
            summary.problems.append(problem)
            run.failures?.note(problem)
        case .skipped(let reason, let version):
            summary.chunks -= known?.records ?? 0
            if known?.isDocument == true { summary.removed += 1 }
            summary.newlySkipped.append(
                SkippedFile(name: reading.name, reason: reason))
            run.failures?.clear(reading.name)
            add(reading.name, DocumentEntry(.stored(version), possible: known?.possible ?? 0))
            summary.skipped += 1
        case .records(let lines, let version):
            try await begin(reading.name, lines, version, known)
            return
        }
        progress.add(1)
    }

    private func begin(
        _ name: String, _ lines: [RecordLine], _ version: DocumentEntry.Version,
        _ known: DocumentEntry?
    ) async throws {
        if pipeline == nil {
            let isNew = try run.state.provenance == nil
            let provenance = try await run.updateProvenance(isIdle: false)
            pipeline = try await Pipeline.start(
                run.store.embedAndUpsert(provenance!, isNew: isNew),
                environment: run.store.environment)
        }
        summary.bytes += version.size
        summary.chunks -= known?.records ?? 0
        let failed = (known ?? DocumentEntry(.unacknowledged, possible: 0)).doubted()
        let underWay = failed.doubted(possible: version.records)
        var target = Target(
            name: name, stored: DocumentEntry(.stored(version), possible: underWay.possible),
            failed: failed, isNew: known?.isDocument != true)
        if run.options.watch != nil {
            let before = try run.state.chunks(of: name) ?? []
            target.notice = ChunkDigests.new(lines, besides: before)
            target.chunks = ChunkDigests.of(lines)
            if notifier == nil, !target.notice.isEmpty {
                notifier = try await Notifier.start(
                    run.store, run.options.watch!, onNotice: run.options.onNotice)
            }
        }
        if lines.isEmpty { return settle(target, nil) }
        updates.add(name, underWay)
        inFlight.add(name, target, records: lines.count)
        batch.add(lines)
    }

    /// Sends the gathered records, after writing to the state which records the collection may
    /// have.
    ///
    /// - Returns: False if sending more is useless.
    private func send() async throws -> Bool {
        try updates.commit()
        guard let pipeline else { return true }
        return try await batch.send(to: pipeline, onAnswers: note)
    }

    private func note(_ answers: [Pipeline.Answer]) throws {
        for answer in answers {
            let name = run.store.document(of: answer.id)
            let answered = inFlight.count(answer, of: name) { target in
                // Records that the database has refused need not be deleted; it might refuse that,
                // too.
                if answer.problem?.isCertain == true { return }
                let number = run.store.number(of: answer.id)
                target.failed = target.failed.doubted(possible: number)
            }
            if let (target, problem) = answered { settle(target, problem) }
        }
        try updates.commit()
    }

    private func settle(_ target: Target, _ problem: Refusal?) {
        progress.add(1)
        if let problem {
            let refused = Problem("index", target.name, problem)
            summary.problems.append(refused)
            run.failures?.note(refused, problem)
            summary.chunks += target.failed.records
            updates.add(target.name, target.failed)
            return
        }
        run.failures?.clear(target.name)
        if !target.notice.isEmpty { notifier?.send(target.notice) }
        if let chunks = target.chunks { digests.append((target.name, chunks)) }
        if target.isNew { summary.added += 1 } else { summary.changed += 1 }
        summary.chunks += target.stored.records
        add(target.name, target.stored)
    }

    private func add(_ name: String, _ entry: DocumentEntry) {
        updates.add(name, entry)
        if entry.hasSurplus { surplus.append(name) }
    }
}
