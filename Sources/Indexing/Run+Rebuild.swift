internal import Agent
internal import Command
internal import JSON
internal import Unix

/// A fresh collection beside the old one.
///
/// Databases cannot rename a collection, so the fresh one is made in a file: all that takes long
/// and may fail, embedding, is done before the old one is touched. Then the old one is dropped and
/// the file's records are stored, which a run that is killed meanwhile leaves to the next.
extension Run {
    private var spool: String { "\(store.state)/rebuilt.jsonl" }

    /// In bytes, of what is handed over at a time.
    private static let block = 1 << 20
    private static let longestLine = 256 << 20

    /// Deletes what a rebuild has left that was killed before it was complete.
    func removeSpool() { try? File.remove(spool) }

    func rebuild(_ listing: Listing) async throws -> Summary {
        var summary = Summary(store.name)
        summary.tooLarge = listing.tooLarge
        summary.problems = listing.problems
        summary.folders = listing.folders
        let making = try await currentMaking()
        let entries = try await embed(listing.documents, &summary)
        try state.beginSwap(to: making, entries.map { ($0.key.text, $0.value) })
        summary.problems += try await swap(making)
        return summary
    }

    /// Writes the records of all documents with their vectors to a file.
    private func embed(
        _ documents: [Listing.Document], _ summary: inout Summary
    ) async throws -> [Name: Entry] {
        let file = try OutputFile(creating: spool, isPrivate: true)
        let writer = LineWriter(descriptor: file.descriptor)
        let pipeline = try await Pipeline.start(store.embed(), environment: store.environment)
        var entries: [Name: Entry] = [:]
        var failed: [Name: Refusal] = [:]
        var progress = Progress(
            store.name, total: documents.count, isShown: options.showsProgress)
        defer { progress.finish() }

        func note(_ answers: [Pipeline.Answer]) async throws {
            for answer in answers {
                if let problem = answer.problem {
                    failed[Name(store.document(of: answer.id))] = problem
                } else {
                    writer.append(answer.line + [UInt8(ascii: "\n")])
                }
            }
            try await writer.flush()
        }

        do {
            let reader = Reader(store)
            var isUseful = true
            for document in documents where isUseful {
                let reading = try await reader.read(document, known: nil)
                progress.add(1)
                switch reading.result {
                case .same, .gone: break
                case .problem(let problem):
                    summary.problems.append(Problem(name: reading.name, message: problem))
                case .nothing(let entry):
                    entries[Name(reading.name)] = entry
                    summary.skipped += 1
                case .records(let lines, let entry):
                    entries[Name(reading.name)] = entry
                    summary.bytes += entry.size
                    if lines.isEmpty { continue }
                    isUseful = try await pipeline.send(
                        lines.flatMap(\.bytes), sizes: lines.map { ($0.id, $0.bytes.count) },
                        onAnswers: note)
                }
            }
            try await pipeline.finish(onAnswers: note)
            try await writer.finish()
            try file.synchronize()
        } catch {
            await pipeline.cancel()
            removeSpool()
            throw error
        }
        for (name, problem) in failed {
            entries[name] = nil
            summary.problems.append(Problem("index", name.text, problem))
        }
        summary.added = entries.values.count { $0.skipped == nil }
        summary.chunks = entries.values.reduce(0) { $0 + $1.chunks }
        return entries
    }

    /// Puts the fresh collection in the place of the old one, or goes on with that.
    ///
    /// - Returns: Which documents the database would not have.
    @discardableResult
    func swap(_ making: Making) async throws -> [Problem] {
        var entries = try state.swapped().mapValues { entry in
            var entry = entry
            entry.possible = 0
            return entry
        }
        try await tell("drop")
        try await createCollection(making)
        let pipeline = try await Pipeline.start(
            store.search("upsert", ["--create", "--ack"]), environment: store.environment)
        var problems: [Problem] = []
        func note(_ answers: [Pipeline.Answer]) {
            for answer in answers {
                let name = store.document(of: answer.id)
                if answer.problem?.isCertain != true, var entry = entries[Name(name)] {
                    entry.possible = max(entry.possible, store.number(of: answer.id))
                    entries[Name(name)] = entry
                }
                guard let problem = answer.problem else { continue }
                if entries[Name(name)]?.isDirty == false {
                    problems.append(Problem("index", name, problem))
                }
                entries[Name(name)]?.isDirty = true
            }
        }
        do {
            let file = try InputFile(opening: spool)
            let reader = LineReader(
                descriptor: file.descriptor, separator: UInt8(ascii: "\n"),
                longest: Self.longestLine)
            var lines: [UInt8] = []
            var sizes: [(id: String, size: Int)] = []
            while case .bytes(let line)? = try await reader.next() {
                // Some records of a document that failed may be there.
                guard let id = (try? Record(line))?.value("id")?.string,
                    entries[Name(store.document(of: id))] != nil
                else { continue }
                lines += line + [UInt8(ascii: "\n")]
                sizes.append((id, line.count))
                if lines.count < Self.block { continue }
                guard try await pipeline.send(lines, sizes: sizes, onAnswers: note) else { break }
                (lines, sizes) = ([], [])
            }
            withExtendedLifetime(file) {}
            _ = try await pipeline.send(lines, sizes: sizes, onAnswers: note)
            try await pipeline.finish(onAnswers: note)
        } catch {
            await pipeline.cancel()
            throw error
        }
        try state.endSwap(making, entries)
        removeSpool()
        return problems
    }
}
