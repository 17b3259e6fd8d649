import Glibc

/// A count that a thread can wait for.
final class Semaphore: Sendable {
    // It synchronizes itself, and the address never changes.
    nonisolated(unsafe) private let raw: UnsafeMutablePointer<sem_t>

    init() {
        raw = .allocate(capacity: 1)
        sem_init(raw, 0, 0)
    }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    func post() { sem_post(raw) }

    func wait() { while sem_wait(raw) != 0 {} }
}
