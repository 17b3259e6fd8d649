internal import FilterKit
internal import Unix

/// Embeds all documents of a store and writes their records to a spool.
final class SpoolWriter {
    private let run: IndexRun
    private let writer: LineWriter
    private(set) var summary: Summary

    /// The documents of which all records are in the spool.
    private(set) var versions: [Name: DocumentEntry.Version] = [:]

    /// The documents that failed; true if the only reason was a rate or a quota.
    private(set) var failed: [Name: Bool] = [:]
    private var refusals: [Name: Refusal] = [:]

    /// Embeds the documents and writes the spool.
    ///
    /// - Returns: The outcome for each document. The file is on the disk.
    /// - Throws: The error that ends the rebuild. The file is deleted by then.
    static func write(
        _ documents: [DocumentListing.Document], to spool: Spool, for run: IndexRun,
        _ summary: Summary
    ) async throws -> SpoolWriter {
        let file = try OutputFile(creating: spool.path, isPrivate: true)
        let writer = SpoolWriter(LineWriter(descriptor: file.descriptor), run, summary)
        do {
            try await writer.embed(documents)
            try file.synchronize()
        } catch {
            spool.remove()
            throw error
        }
        writer.complete()
        return writer
    }

    private init(_ writer: LineWriter, _ run: IndexRun, _ summary: Summary) {
        self.writer = writer
        self.run = run
        self.summary = summary
    }

    private func embed(_ documents: [DocumentListing.Document]) async throws {
        let pipeline = try await Pipeline.start(
            run.store.embed(), environment: run.store.environment)
        var progress = Progress(
            run.store.name, total: documents.count, isShown: run.options.showsProgress)
        defer { progress.finish() }
        do {
            let reader = DocumentReader(run.store)
            for document in documents {
                let reading = try await reader.read(document, known: nil)
                progress.add(1)
                if try await !take(reading, pipeline) { break }
            }
            try await pipeline.finish(onAnswers: note)
            try await writer.finish()
        } catch {
            await pipeline.cancel()
            throw error
        }
    }

    /// - Returns: False if reading more is useless.
    private func take(_ reading: DocumentReading, _ pipeline: Pipeline) async throws -> Bool {
        let name = Name(reading.name)
        switch reading.outcome {
        case .same, .gone: return true
        case .problem(let problem):
            failed[name] = false
            summary.problems.append(Problem(name: reading.name, message: problem))
            return true
        case .skipped(_, let version):
            versions[name] = version
            summary.skipped += 1
            return true
        case .records(let lines, let version):
            versions[name] = version
            summary.bytes += version.size
            if lines.isEmpty { return true }
            return try await pipeline.send(
                lines.flatMap(\.bytes), sizes: lines.map { ($0.id, $0.bytes.count) },
                onAnswers: note)
        }
    }

    private func note(_ answers: [Pipeline.Answer]) async throws {
        for answer in answers {
            if let problem = answer.problem {
                let name = Name(run.store.document(of: answer.id))
                refusals[name] = problem
                failed[name] = problem.isExhausted || failed[name] == true
            } else {
                writer.append(answer.line + [UInt8(ascii: "\n")])
            }
        }
        try await writer.flush()
    }

    private func complete() {
        for (name, refusal) in refusals.sorted(by: { $0.key.text < $1.key.text }) {
            versions[name] = nil
            summary.problems.append(Problem("index", name.text, refusal))
        }
        summary.added = versions.values.count { !$0.isSkipped }
        summary.chunks = versions.values.reduce(0) { $0 + $1.records }
    }
}
