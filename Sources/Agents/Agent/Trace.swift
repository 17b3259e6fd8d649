package import FilterProcesses
package import JSON
internal import Synchronization
package import Unix

/// A file that receives every line that crosses a pipe, as a line of JSON each.
///
/// The lines are stored unchanged, in a string, because a replay compares them byte for byte.
package final class Trace: LineTrace {
    static let version = 1

    private let file: OutputFile

    /// Guards the order of lines, and holds the reason why the file is incomplete.
    private let failure = Mutex<OutputError?>(nil)

    /// Creates or empties the file, which only this user may read.
    package init(creating path: String) throws(SystemError) {
        file = try OutputFile(creating: path, isPrivate: true)
    }

    /// Writes the agent of the run, which comes before all other lines.
    package func begin(_ plan: AgentPlan) {
        var members: Members = [
            "trace": .number(String(Self.version)), "agent": .string(plan.name),
            "tools": .bool(!plan.tools.isEmpty),
        ]
        if !plan.chosenStores.isEmpty {
            members.append("stores", .array(plan.chosenStores.map { .string($0) }))
        }
        write(.object(members))
    }

    /// Writes the question with which a run begins.
    package func note(_ question: Question) { write(question.value) }

    package func note(_ stage: String, _ direction: LineDirection, _ line: [UInt8]) {
        write([
            "time": .string("\(Timestamp.now)"), "stage": .string(stage),
            "direction": .string(direction.rawValue),
            "line": .string(String(decoding: line, as: UTF8.self)),
        ])
    }

    /// The reason why the trace is incomplete; nil if it is complete.
    package var problem: OutputError? { failure.withLock { $0 } }

    private func write(_ value: Value) {
        let line = Array("\(value)\n".utf8)
        failure.withLock { failure in
            if failure == nil { failure = file.write(line) }
        }
    }
}

/// The beginning of a run.
package struct Question: Equatable, Sendable {
    /// The run's id.
    package let run: String
    package let message: UserMessage

    /// The earlier messages.
    package let history: [Value]

    package init(run: String, message: UserMessage, history: [Value] = []) {
        self.run = run
        self.message = message
        self.history = history
    }

    fileprivate var value: Value {
        var members: Members = [
            "run": .string(run), "question": .string(message.question),
            "history": .array(history),
        ]
        if message.files != nil { members.append("message", message.value) }
        return .object(members)
    }

    init?(_ value: Value) {
        guard let run = value["run"]?.string, let text = value["question"]?.string,
            let history = value["history"]?.array
        else { return nil }
        let message = value["message"].map(UserMessage.init(value:)) ?? UserMessage(text)
        self.init(run: run, message: message, history: history)
    }
}
