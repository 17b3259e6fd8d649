import Glibc

/// A count that a thread can wait for.
@safe final class Semaphore: Sendable {
    // It is its own synchronisation, and the address never changes.
    nonisolated(unsafe) private let raw: UnsafeMutablePointer<sem_t>

    init() {
        unsafe raw = .allocate(capacity: 1)
        unsafe sem_init(raw, 0, 0)
    }

    deinit {
        unsafe sem_destroy(raw)
        unsafe raw.deallocate()
    }

    func post() { unsafe sem_post(raw) }

    func wait() { while unsafe sem_wait(raw) != 0 {} }
}
