/// New and changed documents on their way into the collection.
final class Upserting {
    private let run: Run
    private let ledger: Ledger
    private(set) var summary: Summary
    private(set) var progress: Progress

    /// Documents for which the collection may hold records that they no longer have.
    private(set) var surplus: [String]

    /// Started only when there is work for it: a file may only look changed.
    private var pipeline: Pipeline?
    private var pending: [Name: Pending] = [:]
    private var batch = Batch()

    /// The number of documents in a batch.
    private static let batchDocuments = 256

    /// A document whose records are under way.
    private struct Pending {
        var entry: Entry
        var left: Int
        var problem: Refusal?

        /// The entry to store if the document fails.
        var failed: Entry
        let isNew: Bool
    }

    init(_ run: Run, _ summary: Summary, _ progress: Progress, surplus: [String]) {
        self.run = run
        ledger = Ledger(run.state)
        self.summary = summary
        self.progress = progress
        self.surplus = surplus
    }

    /// - Throws: The error that ends the run. Records acknowledged before it have been written
    ///   down.
    func upsert(_ documents: [Listing.Document]) async throws {
        do {
            var isUseful = true
            var readings = Readings(documents, Reader(run.store), run.state)
            while isUseful, let (reading, known) = try await readings.next() {
                try await take(reading, known)
                if batch.isFull || ledger.count >= Self.batchDocuments {
                    isUseful = try await send()
                }
            }
            if isUseful { _ = try await send() }
            try await pipeline?.finish(onAnswers: note)
            try ledger.commit()
        } catch {
            await pipeline?.cancel()
            try? note(pipeline?.take() ?? [])
            try? ledger.commit()
            throw error
        }
    }

    private func take(_ reading: Reading, _ known: Entry?) async throws {
        switch reading.result {
        case .same(var entry):
            entry.isDirty = false
            add(reading.name, entry)
            if entry.skipped == nil { summary.unchanged += 1 } else { summary.skipped += 1 }
        case .gone:
            // The next run will see that.
            break
        case .problem(let problem):
            if var known {
                known.isDirty = true
                ledger.add(reading.name, known)
            }
            summary.problems.append(Problem(name: reading.name, message: problem))
        case .nothing(var entry):
            summary.chunks -= known?.chunks ?? 0
            entry.possible = known?.possible ?? 0
            add(reading.name, entry)
            summary.skipped += 1
        case .records(let lines, let entry):
            try await begin(reading.name, lines, entry, known)
            return
        }
        progress.add(1)
    }

    private func begin(
        _ name: String, _ lines: [Reading.Line], _ entry: Entry, _ known: Entry?
    ) async throws {
        if pipeline == nil {
            // It gets ready while the embedder is asked for its description.
            pipeline = try await Pipeline.start(
                run.store.embedAndUpsert(), environment: run.store.environment)
            try await run.prepare(try run.state.making, isIdle: false)
        }
        summary.bytes += entry.size
        summary.chunks -= known?.chunks ?? 0
        var intent = known ?? Entry()
        intent.possible = max(intent.possible, entry.chunks)
        intent.isDirty = true
        var failed = known ?? Entry()
        failed.isDirty = true
        var document = Pending(
            entry: entry, left: lines.count, failed: failed,
            isNew: known.map { $0.digest.isEmpty } ?? true)
        document.entry.possible = intent.possible
        if lines.isEmpty { return settle(name, document) }
        ledger.add(name, intent)
        pending[Name(name)] = document
        batch.add(lines)
    }

    /// - Returns: False if sending more is useless.
    private func send() async throws -> Bool {
        try await run.send(&batch, ledger, pipeline, onAnswers: note)
    }

    private func note(_ answers: [Pipeline.Answer]) throws {
        for answer in answers {
            let name = run.store.document(of: answer.id)
            guard var document = pending[Name(name)] else { continue }
            document.left -= 1
            document.problem = document.problem ?? answer.problem
            if answer.problem?.isCertain != true {
                let number = run.store.number(of: answer.id)
                document.failed.possible = max(document.failed.possible, number)
            }
            pending[Name(name)] = document.left > 0 ? document : nil
            if document.left == 0 { settle(name, document) }
        }
        try ledger.commit()
    }

    private func settle(_ name: String, _ document: Pending) {
        progress.add(1)
        if let problem = document.problem {
            summary.problems.append(Problem("index", name, problem))
            summary.chunks += document.failed.chunks
            // Records that the database has refused need not be deleted, which it might refuse,
            // too.
            ledger.add(name, document.failed)
            return
        }
        if document.isNew { summary.added += 1 } else { summary.changed += 1 }
        summary.chunks += document.entry.chunks
        add(name, document.entry)
    }

    private func add(_ name: String, _ entry: Entry) {
        ledger.add(name, entry)
        if entry.hasSurplus { surplus.append(name) }
    }
}
