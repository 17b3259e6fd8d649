internal import Synchronization
internal import Waiting

/// Runs pieces of work side by side, and shows their output in the order in which they began.
final class OutputOrder: Sendable {
    private let turns = TicketLock()

    /// The output to show once its turn has come.
    final class Later: Sendable {
        private let pieces = Mutex([@Sendable () async throws -> Void]())

        func add(_ piece: @escaping @Sendable () async throws -> Void) {
            pieces.withLock { $0.append(piece) }
        }

        fileprivate func run() async throws {
            for piece in pieces.withLock({ $0 }) { try await piece() }
        }
    }

    /// Returns the place of a piece of work that begins.
    func next() -> TicketLock.Ticket { turns.draw() }

    /// Does the work at once, and shows the output that it has put off once all earlier output is
    /// shown.
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
