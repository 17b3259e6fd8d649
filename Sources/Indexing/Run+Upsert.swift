/// What is new or has changed goes into the collection.
extension Run {
    /// How many records of how many documents go together.
    private static let batchDocuments = 256

    /// A document whose records are under way.
    private struct Pending {
        var entry: Entry
        var left: Int
        var problem: String?
        let isNew: Bool
    }

    func upsert(
        _ plan: Plan, _ summary: inout Summary, _ progress: inout Progress,
        _ surplus: inout [String]
    ) async throws {
        // Started when there is something for it to do: a file may only look changed.
        var pipeline: Pipeline?
        var pending: [String: Pending] = [:]
        let ledger = Ledger(state)

        func settle(_ name: String, _ document: Pending) {
            progress.add(1)
            if let problem = document.problem {
                summary.problems.append(
                    Problem(name: name, message: "cannot index '\(name)': \(problem)"))
                return
            }
            if document.isNew { summary.added += 1 } else { summary.changed += 1 }
            summary.chunks += document.entry.chunks
            ledger.add(name, document.entry)
            if document.entry.hasSurplus { surplus.append(name) }
        }
        func note(_ answers: [Pipeline.Answer]) throws {
            for answer in answers {
                let name = store.document(of: answer.id)
                guard var document = pending[name] else { continue }
                document.left -= 1
                document.problem = document.problem ?? answer.problem
                pending[name] = document.left > 0 ? document : nil
                if document.left == 0 { settle(name, document) }
            }
            try ledger.commit()
        }

        do {
            var isUseful = true
            var batch = Batch()
            var readings = Readings(plan.added + plan.changed, Reader(store), state)
            while isUseful, let (reading, known) = try await readings.next() {
                switch reading.result {
                case .same(var entry):
                    entry.isDirty = false
                    ledger.add(reading.name, entry)
                    if entry.hasSurplus { surplus.append(reading.name) }
                    if entry.skipped == nil { summary.unchanged += 1 } else { summary.skipped += 1 }
                    progress.add(1)
                case .gone:
                    // The next run will see that.
                    progress.add(1)
                case .problem(let problem):
                    if var known {
                        known.isDirty = true
                        ledger.add(reading.name, known)
                    }
                    summary.problems.append(Problem(name: reading.name, message: problem))
                    progress.add(1)
                case .nothing(var entry):
                    summary.chunks -= known?.chunks ?? 0
                    entry.possible = known?.possible ?? 0
                    ledger.add(reading.name, entry)
                    if entry.hasSurplus { surplus.append(reading.name) }
                    summary.skipped += 1
                    progress.add(1)
                case .records(let lines, var entry):
                    if pipeline == nil {
                        // It gets ready while the embedder is asked what it is.
                        pipeline = try await Pipeline.start(
                            store.embedAndUpsert(), environment: store.environment)
                        try await prepare(try state.making, isIdle: false)
                    }
                    summary.bytes += entry.size
                    summary.chunks -= known?.chunks ?? 0
                    var intent = known ?? Entry()
                    intent.possible = max(intent.possible, entry.chunks)
                    intent.isDirty = true
                    entry.possible = intent.possible
                    let document = Pending(
                        entry: entry, left: lines.count,
                        isNew: known.map { $0.digest.isEmpty } ?? true)
                    if lines.isEmpty {
                        settle(reading.name, document)
                    } else {
                        ledger.add(reading.name, intent)
                        pending[reading.name] = document
                        batch.add(lines)
                    }
                }
                if batch.isFull || ledger.count >= Self.batchDocuments {
                    isUseful = try await send(&batch, ledger, pipeline, onAnswers: note)
                }
            }
            if isUseful { _ = try await send(&batch, ledger, pipeline, onAnswers: note) }
            try await pipeline?.finish(onAnswers: note)
            try ledger.commit()
        } catch {
            await pipeline?.cancel()
            try? note(pipeline?.take() ?? [])
            try? ledger.commit()
            throw error
        }
    }

    /// Says first what may be in the collection from now on.
    ///
    /// - Returns: Whether there is use in more.
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
