import Glibc
internal import Synchronization

/// The threads that help searches, of which a process has no more than processors.
///
/// A search has a thread of its own already. Others help it as long as there are processors that no
/// search uses.
enum SearchThreads {
    private static let running = Atomic(0)
    private static let most = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// Counts a search, and the threads that may help it.
    ///
    /// - Returns: Their number, up to `wanted`.
    static func take(_ wanted: Int) -> Int {
        let others = running.add(1, ordering: .relaxed).oldValue
        let helpers = max(0, min(wanted, most - 1 - others))
        running.add(helpers, ordering: .relaxed)
        return helpers
    }

    /// Ends the counting of a search and its helpers.
    static func giveBack(_ helpers: Int) { running.subtract(helpers + 1, ordering: .relaxed) }
}
