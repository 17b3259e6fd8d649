internal import Synchronization
internal import Waiting

/// Lets pieces of work run at a time whose output comes in the order they began.
final class OutputOrder: Sendable {
    private let turns = TicketLock()

    /// What is shown when its turn has come.
    final class Later: Sendable {
        private let pieces = Mutex([@Sendable () async throws -> Void]())

        func add(_ piece: @escaping @Sendable () async throws -> Void) {
            pieces.withLock { $0.append(piece) }
        }

        fileprivate func run() async throws {
            for piece in pieces.withLock({ $0 }) { try await piece() }
        }
    }

    /// The place of a piece of work that begins.
    func next() -> TicketLock.Ticket { turns.draw() }

    /// Does the work at once, and what it has left for later when all before it is shown.
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
