import FilterKit
import Indexing
import Unix

extension [Store] {
    /// Runs `body` for each store; the others are not left out when one fails.
    ///
    /// - Returns: The greatest of their exit statuses.
    func each(_ body: (Store) async throws -> ExitStatus) async throws -> ExitStatus {
        var status = ExitStatus.success
        for store in self {
            var own: ExitStatus
            do { own = try await body(store) } catch {
                if count == 1 || error is CancellationError || error is OutputError { throw error }
                own = store.report(error)
            }
            if own.rawValue > status.rawValue { status = own }
        }
        return status
    }
}

extension Store {
    /// - Returns: The exit status that follows from the error.
    func report(_ error: any Error) -> ExitStatus {
        Diagnostics.error("store '\(name)': \(error)")
        return (error as? Failure)?.status ?? .ioError
    }
}
