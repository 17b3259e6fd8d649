import Glibc

/// Runs `body` on a new thread. Ends the process, with status 71 (EX_OSERR of sysexits(3)), if a
/// thread cannot be started.
func detachThread(_ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(body)).toOpaque()
    let error = pthread_create(
        &thread, nil,
        { context in
            Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, context)
    if error != 0 {
        let text = "cannot start a thread: \(String(cString: strerror(error)))\n"
        write(STDERR_FILENO, text, text.utf8.count)
        _exit(71)
    }
    pthread_detach(thread)
}
