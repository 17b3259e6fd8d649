import ArgumentParser
import Bench
import Catalog
import Configuration
import FilterKit
import JSON
import Unix

/// Runs the program hector-bench.
package func runBench() -> Never { MeasureSearches.runToEnd() }

struct MeasureSearches: Program {
    static let configuration = CommandConfiguration(
        commandName: "hector-bench",
        abstract: "Measure how well the searches of a collection answer your questions.",
        discussion: """
            Reads JSON lines with a question in 'content' and the ids of the documents that answer \
            it in 'relevant', searches for each in every mode, and prints how good the results \
            are, and the weight of the vector that fits best. See hector-bench(1).
            """,
        version: "hector-bench \(version)")

    @Argument(
        help: ArgumentHelp("The questions; standard input by default.", valueName: "file"),
        completion: .file())
    var file: String?

    @Option(
        name: [.customShort("C"), .long], help: ArgumentHelp("The collection.", valueName: "name"),
        completion: .custom { _, _, _ in ConfiguredNames.collections })
    var collection: String

    @Option(
        name: [.customShort("k"), .long],
        help: ArgumentHelp("The number of places that count.", valueName: "n"))
    var topK = 10

    @Option(
        help: ArgumentHelp(
            "The modes to measure, with commas: text, vector, hybrid. (default: all)",
            valueName: "list"))
    var mode: ModeList?

    @Option(
        help: ArgumentHelp(
            "The weights of the vector to measure in the mode hybrid, with commas. (default: "
                + "0.05, 0.1, 0.2 and so on to 1)", valueName: "list"))
    var alpha: WeightList?

    @Option(
        help: ArgumentHelp(
            "The embedder: a name or a path. (default: the collection's)", valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.embedderProvider) })
    var embedder: String?

    @Flag(help: "Print JSON lines at a terminal, too.")
    var json = false

    @OptionGroup(title: "Choosing the database")
    var database: DatabaseOptions

    @OptionGroup var calls: SearchCallOptions

    func validate() throws {
        if collection.isEmpty { throw ValidationError("--collection must not be empty") }
        if !(1...10_000).contains(topK) {
            throw ValidationError("--top-k must be from 1 to 10000, not \(topK)")
        }
        if alpha != nil, let mode, !mode.modes.contains(.hybrid) {
            throw ValidationError("--alpha needs the mode hybrid")
        }
    }

    private var printsJSON: Bool { json || !isStandardOutputTerminal }

    func work() async throws -> ExitStatus {
        if calls.quiet { Diagnostics.beQuiet() }
        var bad = 0
        let questions = try await read { line, error in
            bad += 1
            try report("line \(line): \(error.message)", error.code, line)
        }
        if questions.isEmpty {
            throw Failure(
                .badInput,
                bad > 0 ? "no line is a question that can be used" : "there are no questions")
        }
        var run = BenchRun(collection: collection)
        run.embedder = embedder
        run.databaseOptions = try database.arguments()
        run.sharedOptions =
            (database.config.map { ["--config", $0] } ?? []) + calls.arguments
        run.limit = topK
        run.modes = mode?.modes
        run.alphas = alpha?.weights
        run.onFailure = { question, message in
            try? report("question \(question.name): \(message)", "search_failed", question.line)
        }
        let result = try await run.measure(questions)
        try writeToStandardOutput(printsJSON ? result.json : result.text)
        return bad + result.failed == 0 && result.foundAny ? .success : .incomplete
    }

    private func report(_ message: String, _ code: String, _ line: Int) throws {
        guard printsJSON else { return Diagnostics.error(message) }
        let error: Value = [
            "error": [
                "stage": "bench", "code": .string(code), "message": .string(message),
                "line": .number(String(line)), "retryable": false,
            ]
        ]
        try writeToStandardOutput("\(error)\n")
    }

    private func read(_ onError: (Int, RecordError) throws -> Void) async throws -> [Question] {
        var questions: [Question] = []
        func add(_ bytes: [UInt8], _ number: Int) throws {
            if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return }
            do throws(RecordError) {
                let record: Record
                do { record = try Record(bytes) } catch {
                    throw RecordError("invalid_json", "\(error)")
                }
                questions.append(try Question(record, line: number))
            } catch {
                try onError(number, error)
            }
        }
        if let file, file != "-" {
            let bytes = try File.readText(file, limit: 1 << 30).bytes
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            for (place, line) in lines.enumerated() { try add(Array(line), place + 1) }
            return questions
        }
        let reader = LineReader(separator: 0x0A, longest: 64 << 20)
        while let line = try await reader.next() {
            switch line {
            case .bytes(let bytes): try add(bytes, reader.lineNumber)
            case .tooLong:
                try onError(
                    reader.lineNumber, RecordError("line_too_long", "longer than 64 MiB"))
            }
        }
        try Task.checkCancellation()
        return questions
    }
}
