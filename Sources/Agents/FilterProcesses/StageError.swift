package import FilterKit
package import JSON
package import Unix

/// The reason why a stage of an agent gave no answer.
package struct StageError: Error, Equatable, Sendable {
    /// The stage's work, such as `generate`.
    package let stage: String

    /// A single word for programs, which is the record's own code if a record failed.
    package let code: String

    /// A sentence for people, without a full stop. It leaves out the stage's own messages, as these
    /// have already appeared on the standard error that it shares with us.
    package let summary: String

    /// The stage's own last messages, or an empty text.
    private let lastWords: String

    package let isRetryable: Bool
    package let status: ExitStatus

    /// True if a signal has ended the stage, which rules out that it ended because its plugin was
    /// missing.
    package private(set) var wasKilled = false

    package init(
        _ stage: String, _ code: String, _ summary: String, lastWords: String = "",
        isRetryable: Bool = false, status: ExitStatus = .incomplete
    ) {
        self.stage = stage
        self.code = code
        self.summary = summary
        self.lastWords = lastWords
        self.isRetryable = isRetryable
        self.status = status
    }

    /// A sentence for people, without a full stop, followed by the stage's own last messages.
    package var message: String { lastWords.isEmpty ? summary : "\(summary): \(lastWords)" }

    /// The error as events and sessions have it.
    package var value: Value {
        [
            "stage": .string(stage), "code": .string(code), "message": .string(message),
            "retryable": .bool(isRetryable),
        ]
    }

    /// - Parameters:
    ///   - command: The command that was run.
    ///   - lastWords: Its last lines on standard error.
    package static func died(
        _ stage: String, _ command: String, _ ending: Ending, lastWords: [String]
    ) -> StageError {
        var status = ExitStatus.unavailable
        if case .exited(let code) = ending, let own = ExitStatus(rawValue: code) {
            switch own {
            case .tryLater, .notPermitted, .configuration, .usage: status = own
            default: break
            }
        }
        var error = StageError(
            stage, "stage_died", "stage '\(stage)' (\(command)) \(ending)",
            lastWords: lastWords.joined(separator: "\n"), isRetryable: true, status: status)
        if case .signalled = ending { error.wasKilled = true }
        return error
    }

    /// The failure of one record, as a filter reports it.
    package static func failed(
        _ stage: String, code: String, message: String, isRetryable: Bool
    ) -> StageError {
        let status: ExitStatus =
            switch code {
            case "plugin_died", "plugin_unavailable", "timeout": .unavailable
            case "resource_exhausted": .tryLater
            case "not_permitted": .notPermitted
            case "configuration", "unsupported": .configuration
            default: .incomplete
            }
        return StageError(
            stage, code, "stage '\(stage)': \(message)", isRetryable: isRetryable, status: status)
    }
}

// The error in a trace, in place of the answer that the stage did not give.
extension StageError {
    private static let event = "stage_failed"

    /// - Parameter id: The id of the record to answer; nil for the greeting.
    package func record(id: String?) -> [UInt8] {
        var members: Members = ["event": .string(Self.event)]
        if let id { members.append("id", .string(id)) }
        members.append("error", value)
        members.append("summary", .string(summary))
        members.append("status", .number(String(status.rawValue)))
        members.append("killed", .bool(wasKilled))
        return Array(Value.object(members).description.utf8)
    }

    /// Reads the error in a line of a trace; fails if there is none.
    package init?(_ record: Record) {
        guard record.value("event")?.string == Self.event, let error = record.value("error") else {
            return nil
        }
        self.init(
            error["stage"]?.string ?? "", error["code"]?.string ?? "",
            record.value("summary")?.string ?? "",
            isRetryable: error["retryable"]?.bool ?? false,
            status: record.value("status")?.int.flatMap { ExitStatus(rawValue: Int32($0)) }
                ?? .incomplete)
        wasKilled = record.value("killed")?.bool ?? false
    }
}
