import Glibc

/// Runs `body` on a new thread, for calls that block. Ends the process, with status 71, if a thread
/// cannot be started.
package func detachThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    let error = pthread_create(
        &thread, nil,
        { context in
            Unmanaged<ThreadBody>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, context)
    if error != 0 { endWithoutThreads(error) }
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Lets other threads run for a moment.
package func yieldThread() { usleep(200) }
