import CUnix
import Glibc

/// The resources, of those that getrlimit(2) limits, that a program will take. Libraries end the
/// process, or wait for ever, where they do not get it, so it is compared with the limits before.
package struct ResourceNeed: Sendable {
    /// Beside those that are open.
    package var descriptors: Int

    /// In bytes, beside what is mapped.
    package var addressSpace: Int

    /// At the same time, beside those that run.
    package var threads: Int

    package init(descriptors: Int, addressSpace: Int, threads: Int) {
        self.descriptors = descriptors
        self.addressSpace = addressSpace
        self.threads = threads
    }

    /// The need of Swift's runtime for concurrency, and a file or two.
    package static let program = ResourceNeed(
        descriptors: 7, addressSpace: 48 << 20, threads: 3)

    /// True if so few files may be open that the order in which they are opened matters.
    package static var areDescriptorsScarce: Bool { (limit(RLIMIT_NOFILE) ?? .max) < 64 }

    /// Which limit is too low, and what it has to be, as a sentence; nil if none is.
    package var shortage: String? {
        descriptorShortage ?? addressSpaceShortage ?? threadShortage
    }

    private var descriptorShortage: String? {
        guard let limit = limit(RLIMIT_NOFILE), limit < 1024 else { return nil }
        let open = (0..<Int32(limit)).count { fcntl($0, F_GETFD) != -1 }
        let needed = open + descriptors
        if needed <= limit { return nil }
        return "at most \(limit) files may be open (ulimit -n), and \(needed) have to be"
    }

    private var addressSpaceShortage: String? {
        guard let limit = limit(RLIMIT_AS), let mapped = mappedBytes else { return nil }
        let needed = mapped + addressSpace
        if needed <= limit { return nil }
        return "at most \(limit >> 10) KiB of memory may be mapped (ulimit -v), and "
            + "\(needed >> 10) KiB have to be"
    }

    /// Those that may be started are found out by starting them: limits of users and of containers
    /// count what others run.
    private var threadShortage: String? {
        var started: [pthread_t] = []
        // Held by this thread until all have been started.
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(gate, nil)
        pthread_mutex_lock(gate)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 64 << 10)
        var error: Int32 = 0
        for _ in 0..<threads where error == 0 {
            var thread = pthread_t()
            error = pthread_create(
                &thread, &attributes,
                { gate in
                    let gate = gate!.assumingMemoryBound(to: pthread_mutex_t.self)
                    pthread_mutex_lock(gate)
                    pthread_mutex_unlock(gate)
                    return nil
                }, gate)
            if error == 0 { started.append(thread) }
        }
        pthread_mutex_unlock(gate)
        for thread in started { pthread_join(thread, nil) }
        pthread_attr_destroy(&attributes)
        pthread_mutex_destroy(gate)
        gate.deallocate()
        if error == 0 { return nil }
        let limit = limit(__RLIMIT_NPROC).map { ", of which this user may have \($0) (ulimit -u)" }
        let reason = String(cString: strerror(error))
        return "cannot start \(threads) threads\(limit ?? ""): \(reason)"
    }

    private var mappedBytes: Int? {
        guard let text = try? File.read("/proc/self/statm", limit: 4096).bytes else { return nil }
        return Int(String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self))
            .map { $0 * Int(getpagesize()) }
    }
}

/// - Returns: Nil if there is none.
func limit(_ resource: __rlimit_resource) -> Int? {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0,
        limits.rlim_cur < rlim_t(Int.max)
    else { return nil }
    return Int(limits.rlim_cur)
}

/// Makes do with less address space where that is limited: each thread would set aside some for
/// what it allocates, 64 MB, and for its stack, 8 MB. Before there are any threads.
package func saveAddressSpace() {
    guard let limit = limit(RLIMIT_AS), limit < 8 << 30 else { return }
    mallopt(M_ARENA_MAX, 1)
    hector_set_stack_size(1 << 20)
}
