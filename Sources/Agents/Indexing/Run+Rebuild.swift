internal import FilterKit
internal import JSON
internal import Unix

/// A fresh collection beside the old one.
///
/// Databases cannot rename a collection, so the fresh one is made in a file: embedding, which takes
/// long and may fail, is done before the old one is touched. Then the old one is dropped and the
/// file's records are stored; if that run is killed, the next one completes it.
extension Run {
    /// While one fresh collection is still to be stored, another may be made.
    private static let spools = ["rebuilt.jsonl", "rebuilt-2.jsonl"]

    private func path(ofSpool name: String) -> String { "\(store.state)/\(name)" }

    /// The number of bytes to pass on at a time.
    private static let block = 1 << 20
    private static let longestLine = 256 << 20

    /// Documents on their way into the file.
    private struct Fresh {
        var entries: [Name: Entry] = [:]

        /// Documents that are not in it, and whether that is because a rate or a quota was
        /// exhausted.
        var failed: [Name: Bool] = [:]
    }

    /// Deletes files of earlier rebuilds that are no longer needed.
    func removeSpools() {
        for name in Self.spools { try? File.remove(path(ofSpool: name)) }
    }

    func rebuild(_ listing: Listing) async throws -> Summary {
        var summary = Summary(store.name)
        summary.tooLarge = listing.tooLarge
        summary.problems = listing.problems
        summary.folders = listing.folders
        let making = try await currentMaking()
        let pending = try state.making?.spool ?? ""
        let spool = Self.spools.first { $0 != pending }!
        let fresh = try await embed(listing.documents, into: path(ofSpool: spool), &summary)
        if let refusal = try refusal(of: fresh, listing, isSwapping: !pending.isEmpty) {
            try? File.remove(path(ofSpool: spool))
            return try refused(summary, refusal, listing, isSwapping: !pending.isEmpty)
        }
        let file = try InputFile(opening: path(ofSpool: spool))
        try state.beginSwap(to: making, spool, fresh.entries.map { ($0.key.text, $0.value) })
        summary.problems += try await swap(making, from: file)
        return summary
    }

    /// Returns the reason to leave the collection as it is: it has documents that would be missing
    /// from the fresh one.
    private func refusal(
        of fresh: Fresh, _ listing: Listing, isSwapping: Bool
    ) throws -> Failure? {
        let isComplete = listing.unknown.isEmpty && listing.damaged.isEmpty
        if fresh.failed.isEmpty && isComplete { return nil }
        var lost = 0
        var status = ExitStatus.incomplete
        func look(_ name: String, _ entry: Entry) {
            let isExhausted = fresh.failed[Name(name)]
            guard entry.chunks > 0, fresh.entries[Name(name)] == nil,
                isExhausted != nil || listing.mayHave(name)
            else { return }
            lost += 1
            if isExhausted == true { status = .tryLater }
        }
        if isSwapping {
            for (name, entry) in try state.swapped() { look(name.text, entry) }
        } else {
            try state.forEach(look)
        }
        if lost == 0 { return nil }
        return Failure(
            status,
            "a rebuild would lose \(lost) document\(lost == 1 ? "" : "s"); the collection is left "
                + "as it was")
    }

    private func refused(
        _ summary: Summary, _ refusal: Failure, _ listing: Listing, isSwapping: Bool
    ) throws -> Summary {
        var told = Summary(store.name)
        if !isSwapping {
            let trusts = try state.making?.extractors == store.extractorsFingerprint
            told = Summary(try Plan(listing, state, trusts: trusts), of: store, listing)
            told.added = 0
            told.removed = 0
        }
        told.tooLarge = summary.tooLarge
        told.problems = summary.problems
        told.folders = summary.folders
        told.bytes = summary.bytes
        told.refusal = refusal
        return told
    }

    /// Writes the records of all documents with their vectors to a file.
    private func embed(
        _ documents: [Listing.Document], into spool: String, _ summary: inout Summary
    ) async throws -> Fresh {
        let file = try OutputFile(creating: spool, isPrivate: true)
        let writer = LineWriter(descriptor: file.descriptor)
        let pipeline = try await Pipeline.start(store.embed(), environment: store.environment)
        var fresh = Fresh()
        var problems: [Name: Refusal] = [:]
        var progress = Progress(
            store.name, total: documents.count, isShown: options.showsProgress)
        defer { progress.finish() }

        func note(_ answers: [Pipeline.Answer]) async throws {
            for answer in answers {
                if let problem = answer.problem {
                    let name = Name(store.document(of: answer.id))
                    problems[name] = problem
                    fresh.failed[name] = problem.isExhausted || fresh.failed[name] == true
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
                    fresh.failed[Name(reading.name)] = false
                    summary.problems.append(Problem(name: reading.name, message: problem))
                case .nothing(let entry):
                    fresh.entries[Name(reading.name)] = entry
                    summary.skipped += 1
                case .records(let lines, let entry):
                    fresh.entries[Name(reading.name)] = entry
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
            try? File.remove(spool)
            throw error
        }
        for (name, problem) in problems.sorted(by: { $0.key.text < $1.key.text }) {
            fresh.entries[name] = nil
            summary.problems.append(Problem("index", name.text, problem))
        }
        summary.added = fresh.entries.values.count { $0.skipped == nil }
        summary.chunks = fresh.entries.values.reduce(0) { $0 + $1.chunks }
        return fresh
    }

    /// Resumes a swap that was not completed, or gives it up if its file is lost.
    func resumeSwap(_ making: Making) async throws {
        let file: InputFile
        do throws(SystemError) {
            file = try InputFile(opening: path(ofSpool: making.spool))
        } catch {
            guard error.isAbsence else { throw error }
            try state.giveUpSwap()
            removeSpools()
            return
        }
        // This run tries the records again that the database did not accept.
        _ = try await swap(making, from: file)
    }

    /// Puts the fresh collection in the place of the old one.
    ///
    /// - Parameter file: The file, which was opened before anything is dropped.
    /// - Returns: The documents that the database did not accept.
    private func swap(_ making: Making, from file: InputFile) async throws -> [Problem] {
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
        removeSpools()
        return problems
    }
}
