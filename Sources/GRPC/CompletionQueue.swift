import CGRPC
import Glibc
import Synchronization
import Waiting

/// Runs `body` with a queue whose thread has ended when this function returns.
///
/// `body` and the child tasks it starts run on the queue's own thread, as on
/// an event loop: a call's answer is handled where it arrives, and no thread
/// has to wake another.
package func withCompletionQueue<R: Sendable>(
    _ body: @Sendable (CompletionQueue) async throws -> R
) async rethrows -> R {
    let queue = CompletionQueue()
    // Awaited on every way out of this function, after the shutdown below.
    async let _: Void = queue.readOnOwnThread()
    defer { queue.shutDown() }
    return try await withTaskExecutorPreference(queue) {
        // Otherwise the body would stay on the thread it was called from
        // until something made it wait.
        await Task.yield()
        return try await body(queue)
    }
}

/// Something core was asked to do. Its tag is a retained reference to this.
class Operation: @unchecked Sendable {
    /// Core has finished with the operation. Runs on the queue's thread, once.
    ///
    /// - Parameter succeeded: What `grpc_completion_queue_next` said of it.
    func finished(succeeded: Bool) {}
}

/// A channel or a server.
protocol QueueUser: AnyObject, Sendable {
    /// Cancels every call in flight and refuses new ones.
    func close()
}

/// A gRPC completion queue, the one thread that reads it, and an executor of
/// Swift tasks on that thread.
///
/// Core reports the end of an operation by returning the tag it was started
/// with. Here a tag is a retained `Operation`, so there is no table to look it
/// up in and none to leak.
package final class CompletionQueue: TaskExecutor {
    // Core locks its own queues, and the pointer never changes.
    nonisolated(unsafe) let raw: OpaquePointer

    // Starting work on a queue after its shutdown aborts the process
    // (grpc/grpc#38112), so whoever starts any is inside.
    private let usage = RundownCount()

    private let waker: Waker

    private let jobs = Mutex(Jobs())

    private let users = Mutex(Users())

    /// What may have calls in flight here, which would otherwise keep the thread.
    private struct Users {
        var all: [WeakUser] = []
        var isOver = false
    }

    private struct WeakUser: Sendable {
        weak let user: (any QueueUser)?
    }

    private struct Jobs {
        var waiting: [UnownedJob] = []

        /// Whether the thread will look at `waiting` before it next sleeps.
        var isAwake = false

        /// Whether the thread has gone; jobs that come late get threads of their own.
        var isOver = false
    }

    fileprivate init() {
        // Core's own switch for what it prints; without it, nothing. The errors
        // it returns say the same.
        if getenv("GRPC_VERBOSITY") == nil { gpr_set_log_function { _ in } }
        grpc_init()
        raw = grpc_completion_queue_create_for_next(nil)
        waker = Waker(queue: raw)
    }

    deinit {
        waker.destroy()
        grpc_completion_queue_destroy(raw)
        // No grpc_shutdown: the last one waits for core's own threads, of
        // which one may sleep in a poll for ten seconds.
    }

    /// Hands `operation` to core, which keeps it alive until it has finished.
    ///
    /// - Parameter start: Passes the tag to core, exactly once.
    /// - Returns: `GRPC_CALL_OK`, or why `operation` will never finish.
    func start(
        _ operation: Operation, _ start: (_ tag: UnsafeMutableRawPointer) -> grpc_call_error
    ) -> grpc_call_error {
        guard usage.enter() else { return GRPC_CALL_ERROR }
        defer { leave() }
        let tag = Unmanaged.passRetained(operation)
        let error = start(tag.toOpaque())
        // Core never saw the tag, so nobody else will release it.
        if error != GRPC_CALL_OK { tag.release() }
        return error
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (mustWake, isOver) = jobs.withLock { jobs in
            if jobs.isOver { return (false, true) }
            jobs.waiting.append(job)
            let mustWake = !jobs.isAwake
            jobs.isAwake = true
            return (mustWake, false)
        }
        if isOver {
            detachThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        } else if mustWake, usage.enter() {
            waker.wake()
            leave()
        }
    }

    private func leave() {
        if usage.leave() { grpc_completion_queue_shutdown(raw) }
    }

    /// Has `user` closed before the queue is, if it still exists by then.
    ///
    /// - Returns: False if it is too late to use the queue.
    func add(_ user: any QueueUser) -> Bool {
        users.withLock { users in
            if users.isOver { return false }
            users.all.removeAll { $0.user == nil }
            users.all.append(WeakUser(user: user))
            return true
        }
    }

    fileprivate func shutDown() {
        let users = self.users.withLock { users in
            users.isOver = true
            return users.all
        }
        for user in users { user.user?.close() }
        if usage.close() { grpc_completion_queue_shutdown(raw) }
    }

    /// Takes note of what core has done, without waiting, as the queue's own
    /// thread does between jobs. For those who can go on at once if something is there.
    func takeNote() {
        let never = gpr_inf_past(GPR_CLOCK_REALTIME)
        for _ in 0..<Self.eventsBeforeJobs {
            let event = grpc_completion_queue_next(raw, never, nil)
            guard event.type == GRPC_OP_COMPLETE else { return }
            finish(event)
        }
    }

    private func finish(_ event: grpc_event) {
        guard let tag = event.tag else { return }
        Unmanaged<Operation>.fromOpaque(tag).takeRetainedValue()
            .finished(succeeded: event.success != 0)
    }

    fileprivate func readOnOwnThread() async {
        await withCheckedContinuation { continuation in
            detachThread {
                self.readUntilShutdown()
                continuation.resume()
            }
        }
    }

    private func readUntilShutdown() {
        let forever = gpr_inf_future(GPR_CLOCK_REALTIME)
        let never = gpr_inf_past(GPR_CLOCK_REALTIME)
        var ready: [UnownedJob] = []
        while true {
            var event = grpc_completion_queue_next(raw, runJobs(&ready) ? never : forever, nil)
            // What has already arrived is handled together, so that tasks
            // which await several answers see them at once.
            var rounds = Self.eventsBeforeJobs
            while event.type == GRPC_OP_COMPLETE {
                jobs.withLock { $0.isAwake = true }
                finish(event)
                rounds -= 1
                if rounds == 0 { break }
                event = grpc_completion_queue_next(raw, never, nil)
            }
            if event.type == GRPC_QUEUE_SHUTDOWN { break }
        }
        jobs.withLock { $0.isAwake = true }
        while runJobs(&ready) {}
        let late = jobs.withLock { jobs in
            jobs.isOver = true
            return jobs.waiting
        }
        for job in late { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// The longest run of events between two looks at the jobs.
    private static let eventsBeforeJobs = 64

    /// The longest run of jobs between two looks at the network.
    private static let roundsBeforePolling = 16

    /// - Returns: Whether jobs are still waiting, so that it is no time to sleep.
    private func runJobs(_ ready: inout [UnownedJob]) -> Bool {
        for _ in 0..<Self.roundsBeforePolling {
            jobs.withLock { jobs in
                swap(&jobs.waiting, &ready)
                jobs.isAwake = !ready.isEmpty
            }
            if ready.isEmpty { return false }
            for job in ready { job.runSynchronously(on: asUnownedTaskExecutor()) }
            ready.removeAll(keepingCapacity: true)
        }
        return true
    }
}
