package import FilterProcesses
package import JSON

/// A filter that an agent talks to: a record goes in and comes out with something added.
///
/// Several tasks may use it at a time.
package protocol AgentStage: Sendable {
    /// The stage's work, such as `generate`.
    var name: String { get }

    /// Gets the answer to a record.
    ///
    /// - Parameters:
    ///   - id: The record's id; no other record that is under way has it.
    ///   - onEvent: Gets each line that comes before the answer.
    /// - Throws: `StageError`, a record's own error included; `CancellationError`.
    func answer(
        _ record: Record, id: String, onEvent: (Record) async throws -> Void
    ) async throws -> Record

    /// Returns the filter's greeting, which it sends before the first question.
    ///
    /// - Throws: `StageError`; `CancellationError`.
    func greeting() async throws -> Record

    /// True if it can no longer answer anything.
    var hasFailed: Bool { get }

    /// Ends it, and returns once it has ended.
    func end() async
}

extension AgentStage {
    package var hasFailed: Bool { false }

    package func answer(_ record: Record, id: String) async throws -> Record {
        try await answer(record, id: id) { _ in }
    }
}

extension FilterProcess: AgentStage {}
