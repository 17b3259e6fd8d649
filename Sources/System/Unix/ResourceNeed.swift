import CUnix
import Glibc

/// A limit of getrlimit(2) that is lower than required.
package struct ResourceShortage: Error, CustomStringConvertible {
    /// A sentence with the limit, the required value, and the command that sets it.
    package let description: String
}

/// The need of a program for the resources that getrlimit(2) limits. Libraries end the process, or
/// wait forever, if they do not get a resource, so the need is compared with the limits beforehand.
package struct ResourceNeed: Sendable {
    /// The number of descriptors in addition to those that are open.
    package var descriptors: Int

    /// The number of bytes in addition to those that are mapped.
    package var addressSpace: Int

    /// The number of threads at the same time, in addition to those that run.
    package var threads: Int

    package init(descriptors: Int, addressSpace: Int, threads: Int) {
        self.descriptors = descriptors
        self.addressSpace = addressSpace
        self.threads = threads
    }

    /// The need of Swift's runtime for concurrency, plus one or two files.
    package static let program = ResourceNeed(
        descriptors: 7, addressSpace: 48 << 20, threads: 3)

    /// True if so few files may be open that the order in which they are opened matters.
    package static var areDescriptorsScarce: Bool { (limit(RLIMIT_NOFILE) ?? .max) < 64 }

    /// A sentence with the limit that is too low and the required value; nil if none is too low.
    package var shortage: String? {
        descriptorShortage ?? addressSpaceShortage ?? threadShortage
    }

    /// - Throws: `ResourceShortage` if a limit is too low.
    package func check() throws(ResourceShortage) {
        if let shortage { throw ResourceShortage(description: shortage) }
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

    /// The shortage of threads, found by starting them, as the limits of users and containers also
    /// count the threads of other processes.
    private var threadShortage: String? {
        var started: [pthread_t] = []
        // Held by this thread until all threads have been started.
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

/// - Returns: Nil if there is no limit.
func limit(_ resource: __rlimit_resource) -> Int? {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0,
        limits.rlim_cur < rlim_t(Int.max)
    else { return nil }
    return Int(limits.rlim_cur)
}

/// Reduces the use of address space if that is limited: each thread would reserve 64 MB for its
/// allocations and 8 MB for its stack. Has to be called before there are any threads.
package func saveAddressSpace() {
    guard let limit = limit(RLIMIT_AS), limit < 8 << 30 else { return }
    mallopt(M_ARENA_MAX, 1)
    hector_set_stack_size(1 << 20)
}
