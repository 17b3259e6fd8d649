package import JSON

/// A filter that an agent talks to: a record goes in, and comes out with something added.
///
/// Several tasks may use it at a time.
package protocol AgentStage: Sendable {
    /// What it does, such as `generate`.
    var name: String { get }

    /// Has a record answered.
    ///
    /// - Parameters:
    ///   - id: That of the record; no other that is under way has it.
    ///   - onEvent: Gets each line that comes before the answer.
    /// - Throws: `StageError`, a record's own error included; `CancellationError`.
    func answer(
        _ record: Record, id: String, onEvent: (Record) async throws -> Void
    ) async throws -> Record

    /// What the filter says before it is asked anything.
    ///
    /// - Throws: `StageError`; `CancellationError`.
    func greeting() async throws -> Record

    /// Whether it can answer nothing any more.
    var hasFailed: Bool { get }

    /// Ends it, and returns when it has ended.
    func end() async
}

extension AgentStage {
    package var hasFailed: Bool { false }

    package func answer(_ record: Record, id: String) async throws -> Record {
        try await answer(record, id: id) { _ in }
    }
}
