internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Synchronization
internal import Unix

/// A measurement of how well the searches of a collection answer questions.
package struct BenchRun: Sendable {
    package enum Mode: String, CaseIterable, Sendable { case text, vector, hybrid }

    package var collection: String

    /// The name or path of the embedder; nil for the collection's.
    package var embedder: String?

    /// The options of hector-search that choose the database.
    package var databaseOptions: [String] = []

    /// The options of both filters.
    package var sharedOptions: [String] = []

    /// The number of places that count.
    package var limit = 10

    /// The modes to measure; nil for those that the database can do.
    package var modes: [Mode]?

    /// The weights to measure; nil for the usual ones and the collection's.
    package var alphas: [Double]?

    /// Gets each question that failed.
    package var onFailure: @Sendable (Question, String) -> Void = { _, _ in }

    package init(collection: String) { self.collection = collection }

    private static let usualAlphas = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

    /// The number of results that are asked for, for each place that counts: of several chunks of a
    /// document only the best counts.
    private static let depth = 5

    /// The number of questions that a filter has at a time.
    private static let inFlight = 128

    /// The most time for an answer, above the filters' own limits.
    private static let longestWait = Duration.seconds(3600)

    private var environment: [String: String] { Environment.current }

    /// The facts that a database with a catalog keeps about the collection.
    private struct Facts {
        var dimension: Int?
        var properties: Members = [:]

        subscript(key: String) -> String? { properties[key]?.string }
        var alpha: Double? {
            self["alpha"].flatMap(Double.init).flatMap { (0...1).contains($0) ? $0 : nil }
        }
    }

    /// Measures all settings with all questions.
    ///
    /// - Throws: `Failure`; `CancellationError`.
    package func measure(_ questions: [Question]) async throws -> BenchReport {
        let facts = try await facts()
        let settings = try await settings(facts)
        var failed: Set<Int> = []
        let vectors =
            settings.contains { $0 != .text } ? try await embed(questions, facts, &failed) : [:]
        var rankings: [[Int: [String]]] = []
        for setting in settings {
            rankings.append(
                try await search(setting, questions, vectors: vectors, failed: &failed))
        }
        let measured = questions.indices.filter { !failed.contains($0) }
        let rows = zip(settings, rankings).map { setting, rankings in
            let metrics = measured.map { place in
                Metrics(
                    rankings[place] ?? [], relevant: questions[place].relevant, limit: limit)
            }
            return BenchReport.Row(
                setting: setting, mean: Metrics(meanOf: metrics), questions: metrics)
        }
        let neverFound = measured.reduce(0) { count, place in
            let found = rankings.reduce(into: Set<String>()) { $0.formUnion($1[place] ?? []) }
            return count + questions[place].relevant.keys.count { !found.contains($0) }
        }
        return BenchReport(
            collection: collection, limit: limit, rows: rows, questions: measured.count,
            failed: failed.count, neverFound: neverFound, collectionAlpha: facts?.alpha,
            settingCommand: (facts?.dimension).map {
                ["hector-search", "create", "-C", collection, "--dimension", String($0)]
                    + databaseOptions
            })
    }

    // MARK: The collection

    /// Returns the facts about the collection; nil if the database has no catalog.
    private func facts() async throws -> Facts? {
        let (ending, lines, words) = try await run(
            "hector-search", ["collections"] + databaseOptions + sharedOptions + ["--", collection])
        switch ending {
        case .exited(ExitStatus.configuration.rawValue): return nil
        case .exited(0), .exited(ExitStatus.incomplete.rawValue):
            let collections = lines.compactMap { try? Value(parsing: $0) }
            guard let found = collections.first(where: { $0["name"]?.string == collection }) else {
                throw Failure(
                    .incomplete,
                    "no collection '\(collection)'; hector-search collections lists them")
            }
            return Facts(
                dimension: found["dimension"]?.int, properties: found["properties"]?.object ?? [:])
        default: throw failure("hector-search collections", ending, words)
        }
    }

    private func settings(_ facts: Facts?) async throws -> [Setting] {
        var modes = modes ?? Mode.allCases
        // Without records the status tells if the database can search by words.
        if modes != [.vector] {
            let (ending, _, words) = try await run(
                "hector-search",
                ["-C", collection, "--mode", "text"] + databaseOptions + sharedOptions)
            if ending == .exited(ExitStatus.configuration.rawValue) {
                if self.modes != nil { throw failure("hector-search", ending, words) }
                Diagnostics.warn(
                    "the database does not search by words, so only the mode vector is measured")
                modes = [.vector]
            }
        }
        var alphas = Set(self.alphas ?? Self.usualAlphas)
        if self.alphas == nil, let alpha = facts?.alpha { alphas.insert(alpha) }
        return Mode.allCases.filter(modes.contains).flatMap { mode in
            switch mode {
            case .text: [Setting.text]
            case .vector: [Setting.vector]
            case .hybrid: alphas.sorted().map { Setting.hybrid(alpha: $0) }
            }
        }
    }

    // MARK: The questions

    /// Returns the vector of each question, as JSON.
    private func embed(
        _ questions: [Question], _ facts: Facts?, _ failed: inout Set<Int>
    ) async throws -> [Int: [UInt8]] {
        var vectors: [Int: [UInt8]] = [:]
        for (place, question) in questions.enumerated() { vectors[place] = question.vector }
        let places = questions.indices.filter { questions[$0].vector == nil }
        if places.isEmpty { return vectors }
        // A path is not taken from a database, which may be another person's.
        let remembered = facts?["embedder"].flatMap { $0.contains("/") ? nil : $0 }
        let chosen = (embedder ?? remembered).map { ["--plugin", $0] } ?? []
        try await checkModel(chosen + sharedOptions, facts)
        let records = places.map { (place: $0, record: Record(content: questions[$0].content)) }
        let answers = try await answers(
            "hector-embed", ["--query", "--encoding", "base64"] + chosen + sharedOptions, records,
            of: questions, &failed)
        for (place, answer) in answers {
            vectors[place] = answer.json("vector").map(Array.init)
        }
        return vectors
    }

    /// - Throws: An error if the embedder's vectors are not those of the collection.
    private func checkModel(_ options: [String], _ facts: Facts?) async throws {
        let (ending, lines, words) = try await run("hector-embed", ["info"] + options)
        guard ending == .exited(0), let info = lines.first.flatMap({ try? Value(parsing: $0) })
        else { throw failure("hector-embed info", ending, words) }
        guard let expected = facts?["model"], let model = info["model"]?.string, !model.isEmpty,
            model != expected
        else { return }
        let maker = facts?["embedder"].map { " of '\($0)'" } ?? ""
        throw Failure(
            .configuration,
            "the collection '\(collection)' has vectors of the model '\(expected)'\(maker), and "
                + "the embedder makes those of '\(model)'; choose another with --embedder")
    }

    /// Returns what each question that did not fail found.
    private func search(
        _ setting: Setting, _ questions: [Question], vectors: [Int: [UInt8]],
        failed: inout Set<Int>
    ) async throws -> [Int: [String]] {
        let records = questions.indices.filter { !failed.contains($0) }.map { place in
            var record = Record(content: questions[place].content)
            if setting != .text, let vector = vectors[place] {
                record.set("vector", json: vector)
            }
            return (place: place, record: record)
        }
        let depth = String(min(limit * Self.depth, 100_000))
        let answers = try await answers(
            "hector-search",
            ["query", "-C", collection, "--all", "-k", depth] + setting.arguments
                + databaseOptions + sharedOptions, records, of: questions, &failed)
        return Dictionary(
            uniqueKeysWithValues: answers.map { place, answer in
                let results = answer.value("results")?.array ?? []
                return (place, questions[place].ranking(results.compactMap { $0["id"]?.string }))
            })
    }

    // MARK: Filters

    /// Sends records through a filter. A record's failure is the question's.
    private func answers(
        _ program: String, _ arguments: [String], _ records: [(place: Int, record: Record)],
        of questions: [Question], _ failed: inout Set<Int>
    ) async throws -> [(Int, Record)] {
        if records.isEmpty { return [] }
        let stage = program == "hector-embed" ? "embed" : "search"
        var answers: [(Int, Record)] = []
        var failures: [(place: Int, error: StageError)] = []
        do {
            let process = try await FilterProcess.start(
                stage,
                try FilterCommand(stage, program, arguments, environment: environment),
                environment: environment, longestWait: Self.longestWait, trace: nil)
            do {
                try await withThrowingTaskGroup(of: (Int, Result<Record, StageError>).self) {
                    group in
                    var rest = records[...]
                    func add() {
                        guard let (place, record) = rest.popFirst() else { return }
                        group.addTask { (place, try await answer(to: record, place, process)) }
                    }
                    for _ in 0..<Self.inFlight { add() }
                    while let (place, result) = try await group.next() {
                        switch result {
                        case .success(let answer): answers.append((place, answer))
                        case .failure(let error): failures.append((place, error))
                        }
                        add()
                    }
                }
            } catch {
                await process.end()
                throw error
            }
            await process.end()
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
        failures.sort { $0.place < $1.place }
        if let first = failures.first, answers.isEmpty {
            throw Failure(first.error.status, first.error.message)
        }
        for (place, error) in failures {
            failed.insert(place)
            onFailure(questions[place], error.message)
        }
        return answers
    }

    /// - Throws: The error of the whole filter.
    private func answer(
        to record: Record, _ place: Int, _ process: FilterProcess
    ) async throws -> Result<Record, StageError> {
        let id = String(place)
        var record = record
        record.set("id") { $0.appendJSON(string: id) }
        do {
            return .success(try await process.answer(record, id: id) { _ in })
        } catch let error as StageError where !process.hasFailed {
            return .failure(error)
        }
    }

    /// Runs a filter without input to its end.
    private func run(
        _ program: String, _ arguments: [String]
    ) async throws -> (ending: Ending, lines: [[UInt8]], words: [String]) {
        let output = Mutex((lines: [[UInt8]](), words: [String]()))
        do {
            let command = try FilterCommand("bench", program, arguments, environment: environment)
            let ending = try await Subprocess.run(
                command.path, command.arguments, environment: environment,
                onError: { word in output.withLock { $0.words.append(word) } },
                onLine: { line in output.withLock { $0.lines.append(Array(line)) } })
            return output.withLock { (ending, $0.lines, $0.words) }
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
    }

    /// Shows the words of a filter that failed, and returns the failure.
    private func failure(_ command: String, _ ending: Ending, _ words: [String]) -> Failure {
        for word in words { Diagnostics.line(word) }
        var status = ExitStatus.unavailable
        if case .exited(let code) = ending, code > 0 {
            status = ExitStatus(rawValue: code) ?? .unavailable
        }
        return Failure(status, "\(command) \(ending)")
    }
}
