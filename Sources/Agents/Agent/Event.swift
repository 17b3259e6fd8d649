package import FilterProcesses
package import JSON

/// An event of a run, for programs: one line of JSON each. See hector-records(5).
package struct Event: Sendable {
    package enum Kind: String, Sendable {
        case started = "run.started"
        case context, delta
        case toolCall = "tool_call"
        case toolProgress = "tool_progress"
        case toolResult = "tool_result"
        case usage
        case finished = "run.finished"
        case failed = "run.failed"
    }

    package let kind: Kind

    /// All members except `event` and `run`.
    package let members: Members

    package init(_ kind: Kind, _ members: Members) {
        self.kind = kind
        self.members = members
    }

    /// Creates the event of a run without an answer.
    package init(failure: StageError) { self.init(.failed, ["error": failure.value]) }

    /// A tool's progress in a form for people: `3 of 10, reading pages`.
    package var progressText: String {
        let total = members["total"].map { " of \($0)" } ?? ""
        let message = members["message"]?.string.map { ", \($0)" } ?? ""
        return "\(members["progress"] ?? 0)\(total)\(message)"
    }

    /// Returns the line without its line end.
    ///
    /// - Parameter time: The time, added at the end of the line where a run begins and ends.
    package func json(run: String, time: String) -> [UInt8] {
        var line: Members = ["event": .string(kind.rawValue), "run": .string(run)]
        for (key, value) in members { line.append(key, value) }
        switch kind {
        case .started, .finished, .failed: line.append("time", .string(time))
        default: break
        }
        return Array(Value.object(line).description.utf8)
    }
}
