internal import FilterKit
internal import JSON
internal import Unix

/// Replaces the collection with the records of a spool.
///
/// Databases cannot rename a collection: the current one is dropped and the spool's records are
/// stored. If the run is killed meanwhile, the next run starts the swap again.
final class CollectionSwap {
    private let run: IndexRun
    private var entries: [Name: DocumentEntry]
    private var problems: [Problem] = []

    /// The size of the records that are sent together, in bytes.
    private static let block = 1 << 20
    private static let longestLine = 256 << 20

    /// - Parameter file: The spool, which the state names. It is opened before anything is dropped.
    /// - Returns: Problems with documents that the database refused.
    static func replace(
        _ provenance: Provenance, from file: InputFile, in run: IndexRun
    ) async throws -> [Problem] {
        // A record counts only when the database has acknowledged it.
        let entries = try run.state.swapped().mapValues { entry in
            DocumentEntry(entry.status, possible: 0)
        }
        let swap = CollectionSwap(run, entries)
        try await run.filters.dropCollection()
        try await run.filters.createCollection(provenance, isNew: true)
        try await swap.store(file)
        try run.state.endSwap(provenance, swap.entries)
        Spool.removeAll(of: run.store)
        return swap.problems
    }

    /// Continues a swap that was not completed, or gives it up if its spool is lost.
    static func resume(_ run: IndexRun, _ provenance: Provenance) async throws {
        guard let name = provenance.spool else { return }
        if let collection = NextCollection.name(ofSpool: name) {
            return try await NextCollection.finish(collection, provenance, in: run)
        }
        let file: InputFile
        do throws(SystemError) {
            file = try InputFile(opening: Spool(name, of: run.store).path)
        } catch {
            guard error.isAbsence else { throw error }
            try run.state.giveUpSwap()
            Spool.removeAll(of: run.store)
            return
        }
        // This run tries again the records that the database refuses.
        _ = try await replace(provenance, from: file, in: run)
    }

    private init(_ run: IndexRun, _ entries: [Name: DocumentEntry]) {
        self.run = run
        self.entries = entries
    }

    private func store(_ file: InputFile) async throws {
        let pipeline = try await Pipeline.start(
            run.store.search("upsert", ["--create", "--ack"]), environment: run.store.environment)
        do {
            try await send(file, to: pipeline)
            try await pipeline.finish(onAnswers: note)
        } catch {
            await pipeline.cancel()
            throw error
        }
    }

    private func send(_ file: InputFile, to pipeline: Pipeline) async throws {
        let reader = LineReader(
            descriptor: file.descriptor, separator: UInt8(ascii: "\n"), longest: Self.longestLine)
        defer { withExtendedLifetime(file) {} }
        var lines: [UInt8] = []
        var sizes: [(id: String, size: Int)] = []
        while case .bytes(let line)? = try await reader.next() {
            // The spool may have some records of a document that could not be embedded.
            guard let id = (try? Record(line))?.value("id")?.string,
                entries[Name(run.store.document(of: id))] != nil
            else { continue }
            lines += line + [UInt8(ascii: "\n")]
            sizes.append((id, line.count))
            if lines.count < Self.block { continue }
            guard try await pipeline.send(lines, sizes: sizes, onAnswers: note) else { return }
            (lines, sizes) = ([], [])
        }
        _ = try await pipeline.send(lines, sizes: sizes, onAnswers: note)
    }

    private func note(_ answers: [Pipeline.Answer]) {
        for answer in answers {
            let name = run.store.document(of: answer.id)
            guard var entry = entries[Name(name)] else { continue }
            if answer.problem?.isCertain != true {
                entry.possible = max(entry.possible, run.store.number(of: answer.id))
            }
            if let problem = answer.problem {
                if case .stored = entry.status {
                    problems.append(Problem("index", name, problem))
                }
                entry = entry.doubted()
            }
            entries[Name(name)] = entry
        }
    }
}
