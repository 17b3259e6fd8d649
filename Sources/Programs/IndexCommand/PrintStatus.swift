import ArgumentParser
import Documents
import FilterKit
import Indexing
import JSON
import Text
import Unix

/// The known facts about stores.
struct PrintStatus: Program {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Print what collections hold, and what is stale.")

    @OptionGroup var stores: StoreOptions

    @Flag(help: "Print a line of JSON about each store.")
    var json = false

    @Flag(help: "List the files that are not documents, each with the reason.")
    var skipped = false

    func work() async throws -> ExitStatus {
        try await stores.chosen(makes: false).each { store in
            let status = try await Indexing.status(of: store, listsSkipped: skipped)
            try writeToStandardOutput(
                json ? line(status) : skipped ? list(status.skipped) : text(status))
            return .success
        }
    }

    /// Returns a line for each file: the word for its reason, and the name.
    private func list(_ files: [SkippedFile]) -> String {
        files.map { "\($0.reason.code.rawValue)\t\(VisibleText.output(name: $0.name))\n" }.joined()
    }

    private func text(_ status: Indexing.Status) -> String {
        let plan = status.plan
        let stale =
            plan.isStale
            ? "\(plan.added) to add, \(plan.changed) to change, \(plan.removed) to remove"
            : "nothing"
        let model = status.model.isEmpty ? "" : "embedder    \(status.model), \(status.dimension)\n"
        let refused = status.refusal.map { "refused     \($0)\n" } ?? ""
        let folder =
            status.place.isEmpty ? "" : "folder      \(VisibleText.output(name: status.place))\n"
        let failing = status.failures.map { "fails       \(VisibleText($0.message))\n" }.joined()
        let failures = status.lastFailures > 0 ? ", \(status.lastFailures) failed" : ""
        return """
            \(status.store)
            \(folder)collection  \(status.collection)
            documents   \(status.documents)
            chunks      \(status.chunks)
            \(model)last run    \(status.lastRun.isEmpty ? "never" : status.lastRun)\(failures)
            stale       \(stale)
            \(failing)\(refused)state       \(status.state)

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
            "failures": .array(
                status.failures.map {
                    ["document": .string($0.name), "message": .string($0.message)]
                }),
            "skipped": skipped
                ? .array(
                    status.skipped.map {
                        ["file": .string($0.name), "reason": .string($0.reason.code.rawValue)]
                    }) : .null,
            "folder": .string(status.place),
            "refused": status.refusal.map { .string($0) } ?? .null,
            "state": .string(status.state),
        ]
        return "\(value)\n"
    }
}
