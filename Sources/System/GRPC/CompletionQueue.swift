import CGRPC
import Glibc
import Synchronization
import Waiting

/// Runs `body` with a queue whose thread has ended when this function returns.
///
/// `body` and the child tasks it starts run on the queue's thread, as on an event loop: the answer
/// to a call is handled where it arrives, and no thread has to wake another.
package func withCompletionQueue<R: Sendable>(
    _ body: @Sendable (CompletionQueue) async throws -> R
) async rethrows -> R {
    let queue = CompletionQueue()
    // This is awaited on every way out of this function, after the shutdown below.
    async let _: Void = queue.readOnOwnThread()
    defer { queue.shutDown() }
    return try await withTaskExecutorPreference(queue) {
        // Without this, the body would stay on the thread it was called from until it first waits.
        await Task.yield()
        return try await body(queue)
    }
}

/// An operation that core was asked for. Its tag is a retained reference to this.
class Operation: @unchecked Sendable {
    /// Is called on the queue's thread, once, when core has finished with the operation.
    ///
    /// - Parameter succeeded: The result that `grpc_completion_queue_next` reported.
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
/// Core reports the end of an operation by returning the tag it was started with. Here a tag is a
/// retained `Operation`, so there is no table to search or to leak.
package final class CompletionQueue: TaskExecutor {
    // Core locks its own queues, and the pointer never changes.
    nonisolated(unsafe) let raw: OpaquePointer

    // Starting work on a queue after its shutdown aborts the process (grpc/grpc#38112), so work is
    // only started while it is counted as a use.
    private let usage = RundownCount()

    private let waker: Waker

    private let jobs = Mutex(Jobs())

    private let users = Mutex(Users())

    /// The channels and servers that may have calls in flight here. Those calls would keep the
    /// thread running.
    private struct Users {
        var all: [WeakUser] = []
        var isOver = false
    }

    private struct WeakUser: Sendable {
        weak let user: (any QueueUser)?
    }

    private struct Jobs {
        var waiting: [UnownedJob] = []

        /// True if the thread will look at `waiting` before it next sleeps.
        var isAwake = false

        /// True if the thread has ended; each later job gets a new thread.
        var isOver = false
    }

    fileprivate init() {
        // This is core's own switch for its log. Without it nothing is printed: the errors that
        // core returns say the same.
        if getenv("GRPC_VERBOSITY") == nil { gpr_set_log_function { _ in } }
        grpc_init()
        raw = grpc_completion_queue_create_for_next(nil)
        waker = Waker(queue: raw)
    }

    deinit {
        waker.destroy()
        grpc_completion_queue_destroy(raw)
        // No grpc_shutdown: the last one waits for core's threads, one of which may sleep in a poll
        // for ten seconds.
    }

    /// Hands `operation` to core, which keeps it alive until it has finished.
    ///
    /// - Parameter start: Passes the tag to core, exactly once.
    /// - Returns: `GRPC_CALL_OK`, or the reason why `operation` will never finish.
    func start(
        _ operation: Operation, _ start: (_ tag: UnsafeMutableRawPointer) -> grpc_call_error
    ) -> grpc_call_error {
        guard usage.enter() else { return GRPC_CALL_ERROR }
        defer { leave() }
        let tag = Unmanaged.passRetained(operation)
        let error = start(tag.toOpaque())
        // Core never saw the tag, so it has to be released here.
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

    /// Adds a user that is closed before the queue is, if it still exists by then.
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

    /// Handles what core has finished, without waiting, as the queue's thread does between jobs.
    /// Meant for callers that can go on at once if something has arrived.
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
            // Everything that has arrived is handled together, so that tasks that await several
            // answers get them at once.
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

    /// - Returns: True if jobs are still waiting, so that the thread must not sleep.
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
