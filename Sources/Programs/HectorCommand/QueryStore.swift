import Agent
import ArgumentParser
import Catalog
import Configuration
import FilterKit
import FilterProcesses
import JSON
import Text
import Trust
import Unix

/// A search in a document store.
struct QueryStore: Program {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Search a document store.")

    @Argument(
        help: ArgumentHelp(
            "The text to search for, after a store, which is a name or a folder. A single text, in "
                + "quotes, searches the store of the working directory.", valueName: "text"),
        completion: .custom { _, _, _ in ConfiguredNames.stores })
    var words: [String]

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config: String?

    @Option(
        name: [.customShort("k"), .long], help: ArgumentHelp("The most results.", valueName: "n"))
    var topK = 5

    @Option(help: ArgumentHelp("Leave out results with a lower score.", valueName: "score"))
    var minScore: Double?

    @Flag(help: "Print a line of JSON for each result.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Give up a call after this long: 90, 90s, 500ms or 5m.", valueName: "time"))
    var timeout: Timeout?

    @Flag(help: "Show what plugins write, and how they are run.")
    var debug = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    func validate() throws {
        if !(1...100_000).contains(topK) {
            throw ValidationError("--top-k must be from 1 to 100000, not \(topK)")
        }
        if let minScore, !minScore.isFinite {
            throw ValidationError("--min-score must be a number, not '\(minScore)'")
        }
        if words.isEmpty
            || words.count == 1 && words[0].contains("/") && (try? File(words[0])) != nil
        {
            throw ValidationError("say what to look for")
        }
    }

    /// The text to search for. A single word is all of it.
    private var text: String { words.dropFirst(words.count > 1 ? 1 : 0).joined(separator: " ") }

    func work() async throws -> ExitStatus {
        if quiet { Diagnostics.beQuiet() }
        let environment = Environment.current
        let plan: AgentPlan
        do {
            let settings = try Settings.loadTrusted(
                explicit: config, environment: environment, notice: Diagnostics.error)
            var overrides = AgentOverrides()
            overrides.config = config
            overrides.isDebugging = debug
            if let timeout { overrides.take(timeout) }
            plan = try AgentPlan(
                searching: words.count > 1 ? words[0] : nil, in: settings, topK: topK,
                minScore: minScore, overrides,
                environment: environment)
        } catch let error as SettingsError {
            throw Failure(error)
        } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
        let results = try await AgentStages.withFailures(plan, nil) { stages in
            try await AgentRun(plan, stages, id: "1").passages(for: text)
        }
        try writeToStandardOutput(results.map(line).joined())
        return results.isEmpty ? .incomplete : .success
    }

    private func line(_ result: Value) -> String {
        if json { return "\(result)\n" }
        let content = (result["content"]?.string ?? "")
            .split(whereSeparator: \.isNewline).map { "    \($0)\n" }.joined()
        let id = VisibleText.output(name: result["id"]?.string ?? "")
        return "\(result["score"] ?? .null) \(id)\(Self.context(of: result))\n\(content)\n"
    }

    /// Returns the title and the headings of a passage, to follow its id.
    private static func context(of result: Value) -> String {
        let metadata = result["metadata"]
        let headings = metadata?["headings"]?.array?.compactMap(\.string) ?? []
        var parts: [String] = []
        for part in [metadata?["title"]?.string].compactMap(\.self) + headings
        where part != parts.last {
            parts.append(part)
        }
        return parts.isEmpty
            ? "" : "  " + VisibleText(parts.joined(separator: " > "), atMost: 200).description
    }
}
