internal import Synchronization
internal import Waiting

/// Runs tasks in parallel, and shows their output in the order in which they began.
final class OutputOrder: Sendable {
    private let turns = TicketLock()

    /// Deferred output.
    final class Later: Sendable {
        private let pieces = Mutex([@Sendable () async throws -> Void]())

        func add(_ piece: @escaping @Sendable () async throws -> Void) {
            pieces.withLock { $0.append(piece) }
        }

        fileprivate func run() async throws {
            for piece in pieces.withLock({ $0 }) { try await piece() }
        }
    }

    /// Returns the place of the next task.
    func next() -> TicketLock.Ticket { turns.draw() }

    /// Runs the work at once, and shows its deferred output after all earlier output.
    func inTurn<R: Sendable>(
        _ place: TicketLock.Ticket, _ body: (Later) async throws -> R
    ) async throws -> R {
        let later = Later()
        let result: Result<R, any Error>
        do { result = .success(try await body(later)) } catch { result = .failure(error) }
        return try await place.use {
            try await later.run()
            return try result.get()
        }
    }
}
