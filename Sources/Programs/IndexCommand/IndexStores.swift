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
        abstract: "Bring collections up to date; the default subcommand.")

    @OptionGroup var stores: StoreOptions

    @Flag(help: "Print what would be added (+), changed (~) and removed (-), and do nothing.")
    var plan = false

    @Flag(help: "Make all records again, and replace the collection with them.")
    var rebuild = false

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
        if plan, rebuild || watch {
            throw ValidationError("--plan does nothing; leave out --rebuild and --watch")
        }
    }

    func work() async throws -> ExitStatus {
        let stores = try stores.chosen()
        if plan { return try await printPlans(stores) }
        var options = Indexing.Options()
        options.isRebuild = rebuild
        options.waits = wait
        options.showsProgress = progress ?? isStandardErrorTerminal && !self.stores.quiet
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
        if let refusal = summary.refusal {
            Diagnostics.error("store '\(summary.store)': \(refusal)")
        }
        if json { try writeToStandardOutput(summary.json + "\n") }
        if verbose, !stores.quiet { Diagnostics.error(summary.text) }
        if let refusal = summary.refusal { return refusal.status }
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

    private func printPlans(_ stores: [Store]) async throws -> ExitStatus {
        try await stores.each { store in
            var lines = ""
            let summary = try await Indexing.plan(store) { sign, name, size in
                if json { return }
                lines += "\(sign) \(shown(name))" + (size.map { "\t\($0)" } ?? "") + "\n"
            }
            report(summary.problems)
            try writeToStandardOutput(lines + (json ? summary.json : summary.planText) + "\n")
            return summary.problems.isEmpty ? .success : .incomplete
        }
    }

    /// Returns a name; as JSON, if it would not stay on its line or would control the terminal.
    private func shown(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isPlain && !name.hasPrefix("\"") ? name : Value.string(name).description
    }
}
