import Glibc
internal import Synchronization
import Waiting

/// The threads that help searches, of which a process has no more than processors.
///
/// A search has a thread of its own already. Others help it as long as there are processors that no
/// search uses.
enum SearchThreads {
    private static let running = Atomic(0)
    private static let most = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// Runs `body` with true on this thread and with false on others, and returns when all have
    /// returned.
    ///
    /// - Parameters:
    ///   - wanted: The most threads, with this one.
    ///   - help: Runs on the others.
    static func run(
        _ wanted: Int, help: @escaping @Sendable () -> Void, body: () -> Void
    ) {
        let others = running.add(1, ordering: .relaxed).oldValue
        let helpers = max(0, min(wanted - 1, most - 1 - others))
        running.add(helpers, ordering: .relaxed)
        let threads = (0..<helpers).map { _ in JoinableThread(help) }
        body()
        for thread in threads { thread.join() }
        running.subtract(helpers + 1, ordering: .relaxed)
    }
}
