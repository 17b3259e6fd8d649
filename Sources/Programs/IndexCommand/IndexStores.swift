import ArgumentParser
import FilterKit
import Indexing
import JSON
import Text
import Unix

/// Brings stores up to date.
struct IndexStores: Program {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Bring stores up to date; the default subcommand.")

    @OptionGroup var stores: StoreOptions

    @Flag(
        help:
            "Print what would be added (+), changed (~) and removed (-), and its cost; do nothing.")
    var plan = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the plan to this file, for --apply.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Do what this plan says, unless the world has changed since it was made.",
            valueName: "file"), completion: .file())
    var apply: String?

    @Flag(help: "Try documents again that have failed and did not change since.")
    var retry = false

    @Flag(help: "Make all records again, and replace the collection with them.")
    var rebuild = false

    @Flag(help: "Print the new and changed chunks that answer a standing question.")
    var notify = false

    @Option(
        help: ArgumentHelp("The collection with these questions.", valueName: "collection"))
    var standing = "standing"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Print only chunks with this score or a higher one.", valueName: "score")
    )
    var minScore: Float?

    @Flag(help: "Wait while another run uses a store, instead of exiting with status 75.")
    var wait = false

    @Flag(help: "Keep running, and follow changes as they happen.")
    var watch = false

    @Flag(name: .shortAndLong, help: "Print a line about each store to standard error.")
    var verbose = false

    @Flag(help: "Print a line of JSON about each store to standard output.")
    var json = false

    @Flag(
        inversion: .prefixedNo,
        help: "Show progress on standard error; the default at a terminal.")
    var progress: Bool?

    /// The number of failed documents that are shown; JSON has them all.
    private static let mostReported = 20

    func validate() throws {
        if plan, watch { throw ValidationError("--plan does nothing; leave out --watch") }
        if minScore != nil, !notify { throw ValidationError("--min-score is for --notify") }
        if output != nil, !plan { throw ValidationError("--output is for --plan") }
        if apply != nil, plan || rebuild || watch || retry || !stores.stores.isEmpty {
            throw ValidationError(
                "--apply does what the plan says; leave out stores, --plan, --rebuild, --retry and "
                    + "--watch")
        }
    }

    func work() async throws -> ExitStatus {
        var options = Indexing.Options()
        options.isRebuild = rebuild
        options.isRetry = retry
        if notify {
            options.watch =
                ["--collection", standing]
                + (minScore.map { ["--min-score", "\($0)"] } ?? [])
            options.onNotice = { line in
                try writeToStandardOutput(String(decoding: line, as: UTF8.self) + "\n")
            }
        }
        options.waits = wait
        options.showsProgress = progress ?? isStandardErrorTerminal && !self.stores.quiet
        if let apply { return try await applyPlan(PlanFile(reading: apply), options) }
        let stores = try stores.chosen(makes: !plan || self.stores.stores.isEmpty == false)
        if plan { return try await printPlans(stores, options) }
        if watch {
            try await Indexing.watch(stores, options) { store, result in
                switch result {
                case .success(let summary): try report(summary) == .success
                case .failure(let error): store.report(error) == .success
                }
            }
            return .success
        }
        return try await stores.each { store in
            try report(try await Indexing.index(store, options))
        }
    }

    /// - Returns: The exit status that follows from the summary.
    private func report(_ summary: Summary) throws -> ExitStatus {
        report(summary.problems)
        for file in summary.newlySkipped {
            Diagnostics.warn("\(VisibleText(file.text(file.name)))")
        }
        if let refusal = summary.refusal {
            Diagnostics.error("store '\(summary.store)': \(refusal)")
        }
        if let failure = summary.unasked {
            Diagnostics.error(
                "store '\(summary.store)': cannot ask the standing questions: \(failure)")
        }
        if json { try writeToStandardOutput(summary.json + "\n") }
        if verbose, !stores.quiet { Diagnostics.error(summary.text) }
        if let failure = summary.refusal ?? summary.unasked { return failure.status }
        if summary.isExhausted { return .tryLater }
        return summary.problems.isEmpty ? .success : .incomplete
    }

    /// Shows each reason once, however many documents failed for it.
    private func report(_ problems: [Problem]) {
        var groups: [(problem: Problem, others: Int)] = []
        var places: [String: Int] = [:]
        for problem in problems {
            if let place = places[problem.reason] {
                groups[place].others += 1
                continue
            }
            if !problem.reason.isEmpty { places[problem.reason] = groups.count }
            groups.append((problem, 0))
        }
        for (problem, others) in groups.prefix(Self.mostReported) {
            let message =
                others == 0
                ? problem.message : "\(problem.event) and \(others) more: \(problem.reason)"
            // A name may have newlines in it, and look like a line from another program.
            Diagnostics.error("\(VisibleText(message))")
        }
        let rest = groups.dropFirst(Self.mostReported).reduce(0) { $0 + 1 + $1.others }
        if rest > 0 { Diagnostics.error("and \(rest) more; --json tells of all") }
    }

    /// Does what a plan says for each of its stores.
    private func applyPlan(
        _ plan: PlanFile, _ options: Indexing.Options
    ) async throws -> ExitStatus {
        var options = options
        (options.isRebuild, options.isRetry) = (plan.isRebuild, plan.isRetry)
        var chosen = stores
        chosen.stores = plan.stores.map(\.argument)
        let found = try chosen.chosen(planned: plan.config)
        guard found.count == plan.stores.count else { throw plan.stale }
        return try await found.each { store in
            guard let world = plan.stores.first(where: { $0.name == store.name })?.world else {
                throw plan.stale
            }
            var options = options
            options.world = world
            return try report(try await Indexing.index(store, options))
        }
    }

    private func printPlans(
        _ stores: [Store], _ options: Indexing.Options
    ) async throws -> ExitStatus {
        var file = PlanFile(
            config: self.stores.config, isRebuild: options.isRebuild, isRetry: options.isRetry)
        let status = try await stores.each { store in
            var lines = ""
            var changes: [PlanFile.Change] = []
            let planned = try await Indexing.plan(store, options) { sign, name, size in
                if output != nil {
                    changes.append(
                        PlanFile.Change(sign: sign, document: name, size: size))
                }
                if json { return }
                lines += "\(sign) \(shown(name))" + (size.map { "\t\($0)" } ?? "") + "\n"
            }
            let summary = planned.summary
            report(summary.problems)
            if !json { lines += (planned.costText.map { "\($0)\n" } ?? "") }
            try writeToStandardOutput(
                lines + (json ? summary.json(planned) : summary.planText) + "\n")
            if output != nil { file.add(store, planned, changes) }
            return summary.problems.isEmpty ? .success : .incomplete
        }
        // A plan without one of the stores would be applied without it.
        if let output, status == .success || status == .incomplete { try file.write(to: output) }
        return status
    }

    /// Returns a name; as JSON, if it would not stay on its line or would control the terminal.
    private func shown(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isPlain && !name.hasPrefix("\"") ? name : Value.string(name).description
    }
}
