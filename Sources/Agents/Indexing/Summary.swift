package import FilterKit
internal import JSON

/// What a run over a store came to, or would come to.
package struct Summary: Sendable {
    package let store: String

    /// In documents.
    package var added = 0
    package var changed = 0
    package var removed = 0
    package var unchanged = 0

    /// Documents that are no text.
    package var skipped = 0

    /// Files that are too large to be documents.
    package var tooLarge = 0

    /// Records in the collection.
    package var chunks = 0

    /// Of the documents that were read, or are to be.
    package var bytes = 0
    package var problems: [Problem] = []

    /// Why a rebuild has left the collection as it was; nil if none has.
    package var refusal: Failure?
    package var duration = Duration.zero

    /// For who watches them.
    package var folders: [String] = []

    /// Whether nothing failed but for want of a rate or a quota.
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
        return "\(store): \(parts.joined(separator: ", ")); \(chunks) chunks, "
            + "\(bytes) bytes read in \(seconds) s"
    }

    /// A line for people of what has not been done.
    package var planText: String {
        "\(store): \(added) to add, \(changed) to change, \(removed) to remove, "
            + "\(unchanged) unchanged; \(bytes) bytes to read"
    }

    /// A line for machines, with an object for each document that failed.
    package var json: String {
        var members: [(String, Value)] = [
            ("store", .string(store)), ("added", .number("\(added)")),
            ("changed", .number("\(changed)")), ("removed", .number("\(removed)")),
            ("unchanged", .number("\(unchanged)")), ("not_text", .number("\(skipped)")),
            ("too_large", .number("\(tooLarge)")), ("failed", .number("\(problems.count)")),
            ("chunks", .number("\(chunks)")), ("bytes", .number("\(bytes)")),
            ("seconds", .number("\(seconds)")),
        ]
        if !problems.isEmpty {
            let failures = problems.map { problem -> Value in
                ["document": .string(problem.name), "message": .string(problem.message)]
            }
            members.append(("failures", .array(failures)))
        }
        return Value.object(Members(members)).description
    }
}
