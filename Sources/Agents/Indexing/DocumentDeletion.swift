internal import JSON

/// Deletes records from the collection: those of removed documents, and those with numbers that
/// their documents no longer have.
final class DocumentDeletion {
    private let run: IndexRun
    private let updates: EntryUpdates
    private var inFlight = DocumentsInFlight<Target>()
    private var batch = RecordBatch()
    private(set) var summary: Summary

    /// The most records that are sent together.
    private static let batchRecords = 256

    /// A document of which records are deleted.
    private struct Target {
        let name: String

        /// The entry once its records are deleted; nil for a removed document.
        let entry: DocumentEntry?

        /// True if it was a stored document that no longer exists.
        var isRemoval = false
    }

    init(_ run: IndexRun, _ summary: Summary) {
        self.run = run
        updates = EntryUpdates(run.state)
        self.summary = summary
    }

    /// - Parameters:
    ///   - removed: Documents that no longer exist.
    ///   - surplus: Documents with more records in the collection than they have now.
    /// - Throws: The error that ends the run. Acknowledged deletions are in the state by then.
    func delete(removed: [String], surplus: [String]) async throws {
        if try mayLackCollection(removed), let provenance = try run.state.provenance {
            try await run.filters.createCollection(provenance)
        }
        let pipeline = try await Pipeline.start(
            run.store.search("delete", ["--ack"]), environment: run.store.environment)
        do {
            if try await send(removed, surplus, to: pipeline) {
                _ = try await send(to: pipeline)
            }
            try await pipeline.finish(onAnswers: note)
            try updates.commit()
        } catch {
            await pipeline.cancel()
            try? note(pipeline.take())
            try? updates.commit()
            throw error
        }
    }

    /// True if the collection may not exist, because no record of these documents was acknowledged.
    private func mayLackCollection(_ removed: [String]) throws -> Bool {
        try removed.contains { name in
            guard let entry = try run.state.entry(name) else { return false }
            return entry.status == .unacknowledged && entry.possible > 0
        }
    }

    /// - Returns: False if sending more is useless.
    private func send(
        _ removed: [String], _ surplus: [String], to pipeline: Pipeline
    ) async throws -> Bool {
        for name in removed {
            guard let entry = try run.state.entry(name) else { continue }
            summary.chunks -= entry.records
            delete(
                0..<entry.possible,
                of: Target(name: name, entry: nil, isRemoval: entry.isDocument))
            if try await !sendIfFull(to: pipeline) { return false }
        }
        for name in surplus {
            guard var entry = try run.state.entry(name) else { continue }
            let numbers = entry.records..<entry.possible
            entry.possible = entry.records
            delete(numbers, of: Target(name: name, entry: entry))
            if try await !sendIfFull(to: pipeline) { return false }
        }
        return true
    }

    /// - Parameter numbers: The numbers of the records, counted from 0.
    private func delete(_ numbers: Range<Int>, of target: Target) {
        if numbers.isEmpty { return settle(target) }
        batch.add(
            numbers.map { number in
                let id = run.store.id(of: target.name, number: number + 1)
                var line = Array(#"{"id":"#.utf8)
                line.appendJSON(string: id)
                line += "}\n".utf8
                return RecordLine(id: id, bytes: line)
            })
        inFlight.add(target.name, target, records: numbers.count)
    }

    private func sendIfFull(to pipeline: Pipeline) async throws -> Bool {
        guard batch.isFull || batch.sizes.count >= Self.batchRecords else { return true }
        return try await send(to: pipeline)
    }

    private func send(to pipeline: Pipeline) async throws -> Bool {
        try updates.commit()
        return try await batch.send(to: pipeline, onAnswers: note)
    }

    private func note(_ answers: [Pipeline.Answer]) throws {
        for answer in answers {
            let name = run.store.document(of: answer.id)
            guard let (target, problem) = inFlight.count(answer, of: name) else { continue }
            if let problem {
                summary.problems.append(Problem("delete", name, problem))
            } else {
                settle(target)
            }
        }
        try updates.commit()
    }

    private func settle(_ target: Target) {
        updates.add(target.name, target.entry)
        if target.isRemoval { summary.removed += 1 }
    }
}
