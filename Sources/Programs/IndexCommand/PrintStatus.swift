import ArgumentParser
import FilterKit
import Indexing
import JSON
import Unix

/// The known facts about stores.
struct PrintStatus: Program {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Print what collections hold, and what is stale.")

    @OptionGroup var stores: StoreOptions

    @Flag(help: "Print a line of JSON about each store.")
    var json = false

    func work() async throws -> ExitStatus {
        try await stores.chosen().each { store in
            let status = try await Indexing.status(of: store)
            try writeToStandardOutput(json ? line(status) : text(status))
            return .success
        }
    }

    private func text(_ status: Indexing.Status) -> String {
        let plan = status.plan
        let stale =
            plan.isStale
            ? "\(plan.added) to add, \(plan.changed) to change, \(plan.removed) to remove"
            : "nothing"
        let model = status.model.isEmpty ? "" : "embedder    \(status.model), \(status.dimension)\n"
        let refused = status.refusal.map { "refused     \($0)\n" } ?? ""
        let failures = status.lastFailures > 0 ? ", \(status.lastFailures) failed" : ""
        return """
            \(status.store)
            collection  \(status.collection)
            documents   \(status.documents)
            chunks      \(status.chunks)
            \(model)last run    \(status.lastRun.isEmpty ? "never" : status.lastRun)\(failures)
            stale       \(stale)
            \(refused)state       \(status.state)

            """
    }

    private func line(_ status: Indexing.Status) -> String {
        let value: Value = [
            "store": .string(status.store), "collection": .string(status.collection),
            "documents": .number("\(status.documents)"), "chunks": .number("\(status.chunks)"),
            "model": .string(status.model), "dimension": .number("\(status.dimension)"),
            "last_run": status.lastRun.isEmpty ? .null : .string(status.lastRun),
            "last_failures": .number("\(status.lastFailures)"),
            "stale": [
                "added": .number("\(status.plan.added)"),
                "changed": .number("\(status.plan.changed)"),
                "removed": .number("\(status.plan.removed)"),
            ],
            "refused": status.refusal.map { .string($0) } ?? .null,
            "state": .string(status.state),
        ]
        return "\(value)\n"
    }
}
