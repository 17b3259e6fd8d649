package import FilterKit
internal import JSON

/// The results of a run over a store, or of a run that is only planned.
package struct Summary: Sendable {
    package let store: String

    /// The number of documents.
    package var added = 0
    package var changed = 0
    package var removed = 0
    package var unchanged = 0

    /// The number of documents that are not text.
    package var skipped = 0

    /// The number of documents that have failed before and would fail again, which were not tried.
    package var failedBefore = 0

    /// The files that are skipped and were not reported as that before.
    package var newlySkipped: [SkippedFile] = []

    /// The number of files that are too large to be documents.
    package var tooLarge = 0

    /// The number of records in the collection.
    package var chunks = 0

    /// The size of the documents that were read or are to be read.
    package var bytes = 0
    package var problems: [Problem] = []

    /// The reason why a rebuild has left the collection unchanged; nil if there is none.
    package var refusal: Failure?
    package var duration = Duration.zero

    /// The folders to watch.
    package var folders: [String] = []

    /// True if all failures were because a rate or a quota was exhausted.
    package var isExhausted: Bool { !problems.isEmpty && problems.allSatisfy(\.isExhausted) }

    package var isStale: Bool { added + changed + removed > 0 }

    package init(_ store: String) { self.store = store }

    private var seconds: Double { (duration / .milliseconds(1)).rounded() / 1000 }

    /// A line for people.
    package var text: String {
        var parts = [
            "\(added) added", "\(changed) changed", "\(removed) removed", "\(unchanged) unchanged",
        ]
        if skipped > 0 { parts.append("\(skipped) not text") }
        if tooLarge > 0 { parts.append("\(tooLarge) too large") }
        if !problems.isEmpty { parts.append("\(problems.count) failed") }
        if failedBefore > 0 { parts.append("\(failedBefore) failed before") }
        return "\(store): \(parts.joined(separator: ", ")); \(chunks) chunks, "
            + "\(bytes) bytes read in \(seconds) s"
    }

    /// A line for people about the work that is still to be done.
    package var planText: String {
        "\(store): \(added) to add, \(changed) to change, \(removed) to remove, "
            + "\(unchanged) unchanged; \(bytes) bytes to read"
    }

    /// A line for machines, with an object for each document that failed.
    package var json: String { Value.object(Members(members)).description }

    /// A line for machines about a run that is planned, with its cost.
    package func json(_ planned: Indexing.PlannedRun) -> String {
        let cost: Value = [
            "documents": .number("\(planned.documents)"), "chunks": .number("\(planned.chunks)"),
            "texts": .number("\(planned.texts)"), "tokens": .number("\(planned.tokens)"),
            "usd": planned.dollars.map { .number(Indexing.PlannedRun.amount($0)) } ?? .null,
        ]
        return Value.object(Members(members + [("cost", cost)])).description
    }

    private var members: [(String, Value)] {
        var members: [(String, Value)] = [
            ("store", .string(store)), ("added", .number("\(added)")),
            ("changed", .number("\(changed)")), ("removed", .number("\(removed)")),
            ("unchanged", .number("\(unchanged)")), ("not_text", .number("\(skipped)")),
            ("too_large", .number("\(tooLarge)")), ("failed", .number("\(problems.count)")),
            ("failed_before", .number("\(failedBefore)")),
            ("chunks", .number("\(chunks)")), ("bytes", .number("\(bytes)")),
            ("seconds", .number("\(seconds)")),
        ]
        if !problems.isEmpty {
            let failures = problems.map { problem -> Value in
                ["document": .string(problem.name), "message": .string(problem.message)]
            }
            members.append(("failures", .array(failures)))
        }
        return members
    }
}
