import Glibc

/// Runs `body` on a new thread, for calls that block. Ends the process, with status 71
/// (EX_OSERR of sysexits(3)), if no thread can be started.
///
/// The thread is stopped when it reads the terminal from the background, whichever thread began it.
package func detachThread(_ body: @escaping @Sendable () -> Void) {
    pthread_detach(startThread(body))
}

/// A thread for blocking work that can be joined. Ends the process as ``detachThread(_:)`` does.
package struct JoinableThread: Sendable {
    private let raw: pthread_t

    package init(_ body: @escaping @Sendable () -> Void) { raw = startThread(body) }

    /// Returns when the thread has ended and released everything it held. Call it only once.
    package func join() { pthread_join(raw, nil) }
}

private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(body)).toOpaque()
    let error = pthread_create(
        &thread, nil,
        { context in
            unblockTerminalSignals()
            Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, context)
    if error != 0 { endWithoutThreads(error) }
    return thread
}

/// Lets the terminal stop this process because of what this thread does in the background. With
/// the signals blocked, as Swift's executor has them and a new thread inherits them, read(2) fails
/// with EIO instead, and tcflush(3) succeeds: see POSIX, "Terminal Access Control".
private func unblockTerminalSignals() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTTIN)
    sigaddset(&signals, SIGTTOU)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Ends the process because a thread that it needs cannot be started.
private func endWithoutThreads(_ error: Int32) -> Never {
    let path = CommandLine.arguments.first ?? "hector"
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let text =
        "\(name): cannot start a thread: \(String(cString: strerror(error))); too many run, or "
        + "the memory may not be had (ulimit -u, ulimit -v)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    _exit(71)
}
