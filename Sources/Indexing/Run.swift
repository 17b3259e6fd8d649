internal import Agent
internal import Command
internal import JSON
internal import Settings
internal import Synchronization
internal import Unix

/// One run over a store, whose lock is held.
struct Run {
    let store: Store
    let state: State
    let options: Indexing.Options

    /// How many records of how many documents go together.
    private static let batchDocuments = 256
    private static let batchBytes = 1 << 20

    /// Documents that are read at a time.
    private static let readers = 4

    init(_ store: Store, _ state: State, _ options: Indexing.Options) {
        self.store = store
        self.state = state
        self.options = options
    }

    func run(since start: ContinuousClock.Instant) async throws -> Summary {
        if let making = try state.making, making.isSwapping {
            try await swap(making)
        } else {
            removeSpool()
        }
        let listing = try await store.list()
        var summary = Summary(store.name)
        if options.isRebuild {
            summary = try await rebuild(listing)
        } else {
            let making = try state.making
            if let making { try refuseOtherPlace(making) }
            let plan = try Plan(
                listing, state, trusts: making?.extractors == store.extractorsFingerprint)
            try await prepare(making, isIdle: true)
            summary = Summary(plan, of: store, listing)
            summary.added = 0
            summary.removed = 0
            if !plan.isEmpty { try await carryOut(plan, &summary) }
        }
        if var making = try state.making {
            making.lastRun = "\(Timestamp.now)"
            making.lastFailures = summary.problems.count
            making.extractors = store.extractorsFingerprint
            making.place = store.place
            try state.set(making)
        }
        summary.duration = ContinuousClock.now - start
        return summary
    }

    // MARK: What records are made with

    /// Sees to it that new records fit to those that there are.
    ///
    /// - Parameter isIdle: Whether there are no new ones.
    private func prepare(_ making: Making?, isIdle: Bool) async throws {
        if var known = making {
            var now = known
            now.chunk = store.chunk
            if isIdle, now.chunk == known.chunk, known.fingerprint == store.embedderFingerprint {
                return
            }
            if now.chunk == known.chunk { now = try await currentMaking() }
            if let difference = known.difference(to: now) {
                throw Failure(
                    .configuration,
                    "the collection '\(store.collection)' was made with \(difference); make it anew: "
                        + "hector index --rebuild \(store.name)")
            }
            known.fingerprint = now.fingerprint
            known.model = now.model
            if now.dimension > 0 { known.dimension = now.dimension }
            if known != making { try state.set(known) }
        } else if !isIdle {
            try state.set(try await currentMaking())
        }
    }

    /// What records would be made with now.
    func currentMaking() async throws -> Making {
        let output = Mutex([UInt8]())
        let command = try store.embedderInfo()
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment
        ) { line in output.withLock { $0 += line } }
        guard ending == .exited(0), let info = try? Value(parsing: output.withLock { $0 }) else {
            throw Self.failure(ending, "hector-embed info")
        }
        return Making(
            fingerprint: store.embedderFingerprint, model: info["model"]?.string ?? "",
            dimension: info["dimension"]?.int ?? 0, chunk: store.chunk,
            extractors: store.extractorsFingerprint, place: store.place)
    }

    /// Keeps the stores of two configurations from emptying one collection in turn. That a folder
    /// has moved is all right.
    private func refuseOtherPlace(_ making: Making) throws(Failure) {
        if making.place.isEmpty || making.place == store.place { return }
        guard (try? File(making.place)) != nil else { return }
        throw Failure(
            .configuration,
            "the collection '\(store.collection)' holds '\(making.place)'; give the store "
                + "'\(store.name)' another 'collection', or fill it anew: "
                + "hector index --rebuild \(store.name)")
    }

    func createCollection(_ making: Making) async throws {
        if making.dimension < 1 { return }
        try await tell("create", ["--dimension", "\(making.dimension)"])
    }

    /// Runs a subcommand of hector-search that the database may refuse: that a collection is, or
    /// is not, there is nothing to stop for.
    func tell(_ verb: String, _ arguments: [String] = []) async throws {
        let words = Mutex([String]())
        let command = try store.search(verb, arguments)
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment,
            onError: { line in words.withLock { $0.append(line) } }, onLine: { _ in })
        switch ending {
        case .exited(0), .exited(1): return
        default:
            for line in words.withLock({ $0 }) { Talk.line(line) }
            throw Self.failure(ending, "hector-search \(verb)")
        }
    }

    private static func failure(_ ending: Ending, _ command: String) -> Failure {
        var status = ExitStatus.unavailable
        if case .exited(let code) = ending, code > 1 {
            status = ExitStatus(rawValue: code) ?? .unavailable
        }
        return Failure(status, "\(command) \(ending)")
    }

    // MARK: Carrying out

    private func carryOut(_ plan: Plan, _ summary: inout Summary) async throws {
        var surplus = plan.surplus
        var progress = Progress(
            store.name, total: plan.added.count + plan.changed.count,
            isShown: options.showsProgress)
        defer { progress.finish() }
        if !plan.added.isEmpty || !plan.changed.isEmpty {
            try await upsert(plan, &summary, &progress, &surplus)
        }
        if !plan.removed.isEmpty || !surplus.isEmpty {
            try await delete(plan.removed, surplus, &summary)
        }
    }

    /// A document whose records are under way.
    private struct Pending {
        var entry: Entry
        var left: Int
        var problem: String?
        let isNew: Bool
    }

    private func upsert(
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
                        try await prepare(try state.making, isIdle: false)
                        pipeline = try await Pipeline.start(
                            [store.embed(), store.search("upsert", ["--create", "--ack"])],
                            environment: store.environment)
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

    /// Records that go together.
    private struct Batch {
        var lines: [UInt8] = []
        var sizes: [(id: String, size: Int)] = []

        var isFull: Bool { lines.count >= Run.batchBytes }

        mutating func add(_ added: [Reading.Line]) {
            for line in added {
                lines += line.bytes
                sizes.append((line.id, line.bytes.count))
            }
        }
    }

    /// Says first what may be in the collection from now on.
    ///
    /// - Returns: Whether there is use in more.
    private func send(
        _ batch: inout Batch, _ ledger: Ledger, _ pipeline: Pipeline?,
        onAnswers: ([Pipeline.Answer]) throws -> Void
    ) async throws -> Bool {
        try ledger.commit()
        guard let pipeline, !batch.sizes.isEmpty else { return true }
        defer { batch = Batch() }
        return try await pipeline.send(batch.lines, sizes: batch.sizes, onAnswers: onAnswers)
    }

    private func delete(
        _ removed: [String], _ surplus: [String], _ summary: inout Summary
    ) async throws {
        if try removed.contains(where: { try state.entry($0)?.digest.isEmpty == true }),
            let making = try state.making
        {
            // Nothing of them was ever acknowledged, so there may be no collection.
            try await createCollection(making)
        }
        let pipeline = try await Pipeline.start(
            [store.search("delete", ["--ack"])], environment: store.environment)
        var pending: [String: (entry: Entry?, left: Int, problem: String?)] = [:]
        let ledger = Ledger(state)

        func settle(_ name: String, _ entry: Entry?) {
            ledger.add(name, entry)
            if entry == nil { summary.removed += 1 }
        }
        func note(_ answers: [Pipeline.Answer]) throws {
            for answer in answers {
                let name = store.document(of: answer.id)
                guard var document = pending[name] else { continue }
                document.left -= 1
                document.problem = document.problem ?? answer.problem
                pending[name] = document.left > 0 ? document : nil
                if document.left > 0 { continue }
                if let problem = document.problem {
                    summary.problems.append(
                        Problem(name: name, message: "cannot delete '\(name)': \(problem)"))
                } else {
                    settle(name, document.entry)
                }
            }
            try ledger.commit()
        }

        do {
            var isUseful = true
            let all = removed.map { ($0, true) } + surplus.map { ($0, false) }
            for (name, isRemoved) in all where isUseful {
                guard var entry = try state.entry(name) else { continue }
                if isRemoved { summary.chunks -= entry.chunks }
                let numbers = (isRemoved ? 0 : entry.chunks)..<entry.possible
                entry.possible = entry.chunks
                if numbers.isEmpty {
                    settle(name, isRemoved ? nil : entry)
                    continue
                }
                var batch = Batch()
                for number in numbers {
                    let id = store.id(of: name, number: number + 1)
                    var line = Array(#"{"id":"#.utf8)
                    line.appendJSON(string: id)
                    line += "}\n".utf8
                    batch.add([Reading.Line(id: id, bytes: line)])
                }
                pending[name] = (isRemoved ? nil : entry, numbers.count, nil)
                isUseful = try await send(&batch, ledger, pipeline, onAnswers: note)
            }
            try await pipeline.finish(onAnswers: note)
            try ledger.commit()
        } catch {
            await pipeline.cancel()
            try? note(pipeline.take())
            try? ledger.commit()
            throw error
        }
    }

    /// Reads documents ahead, in their order.
    private struct Readings {
        private var documents: ArraySlice<Listing.Document>
        private let reader: Reader
        private let state: State
        private var begun: [(Task<Reading, any Error>, Entry?)] = []

        init(_ documents: [Listing.Document], _ reader: Reader, _ state: State) {
            self.documents = documents[...]
            self.reader = reader
            self.state = state
        }

        /// The next one, and what is known of it.
        mutating func next() async throws -> (Reading, Entry?)? {
            while begun.count < Run.readers, let document = documents.popFirst() {
                let known = try state.entry(document.name)
                let sure = known.flatMap { $0.isDirty ? nil : $0 }
                let reader = reader
                begun.append(
                    (Task.detached { try await reader.read(document, known: sure) }, known))
            }
            if begun.isEmpty { return nil }
            let (task, known) = begun.removeFirst()
            return try await withTaskCancellationHandler {
                (try await task.value, known)
            } onCancel: {
                task.cancel()
            }
        }
    }
}

extension Store {
    /// The document that a record is of.
    func document(of id: String) -> String {
        if case .command = source { return id }
        return id.lastIndex(of: "#").map { String(id[..<$0]) } ?? id
    }

    func id(of document: String, number: Int) -> String {
        if case .command = source { return document }
        return "\(document)#\(number)"
    }
}
