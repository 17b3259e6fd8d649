import FilterKit
import Indexing
import Unix

extension [Store] {
    /// Does something with each; that one fails is no reason to leave out the others.
    ///
    /// - Returns: The greatest of what they came to.
    func each(_ body: (Store) async throws -> ExitStatus) async throws -> ExitStatus {
        var status = ExitStatus.success
        for store in self {
            var own: ExitStatus
            do { own = try await body(store) } catch {
                if count == 1 || error is CancellationError || error is OutputError { throw error }
                own = store.tell(error)
            }
            if own.rawValue > status.rawValue { status = own }
        }
        return status
    }
}

extension Store {
    /// - Returns: What it means for the end of the program.
    func tell(_ error: any Error) -> ExitStatus {
        Talk.error("store '\(name)': \(error)")
        return (error as? Failure)?.status ?? .ioError
    }
}
