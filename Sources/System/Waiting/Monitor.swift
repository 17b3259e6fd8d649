import Glibc

/// State with a lock and a condition variable, so that a thread can wait until the state changes.
///
/// It is meant for threads, not tasks: a thread that reads or writes a blocking descriptor, or
/// writes bytes that tasks give it, needs a condition variable, which `Synchronization.Mutex` does
/// not have.
package final class Monitor<State: ~Copyable>: @unchecked Sendable {
    // The kernel knows both by their addresses, so they must not move.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    package init(_ state: consuming State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    package func withLock<R>(_ body: (inout State) -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Wakes one waiting thread, if there is one.
    package func signal() { pthread_cond_signal(changed) }

    /// Blocks this thread until `body` returns a value.
    package func wait<R>(until body: (inout State) -> R?) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            pthread_cond_wait(changed, mutex)
        }
    }
}
