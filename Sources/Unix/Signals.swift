import CUnix
import Glibc
import Synchronization

/// Makes writing to a pipe nobody reads an error instead of sudden death, so
/// there is time to stop plugins.
package func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}

/// Ends as the signal would have ended a program that does not know it.
package func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    raise(number)
    exit(128 + number)
}

/// Ends so after a while, if the process is still there.
package func die(of number: Int32, after delay: Duration) {
    detachThread {
        usleep(UInt32(clamping: Int(delay / .microseconds(1))))
        die(of: number)
    }
}

/// Calls `body` with the first of SIGINT, SIGTERM and SIGHUP that arrives. A
/// second one ends the process at once.
///
/// A signal that is ignored already, as `nohup` ignores SIGHUP, stays ignored.
package func onTermination(_ body: @escaping @Sendable (_ signal: Int32) -> Void) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    terminationPipe.store(ends[1], ordering: .releasing)
    for number in [SIGINT, SIGTERM, SIGHUP] {
        var current = sigaction()
        sigaction(number, nil, &current)
        let handler = unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
        if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
        var action = sigaction()
        // Back to the default after the first, so that a second one ends us.
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        action.__sigaction_handler.sa_handler = { number in
            // Only what signal-safety(7) allows.
            var byte = UInt8(truncatingIfNeeded: number)
            let before = errno
            _ = write(terminationPipe.load(ordering: .acquiring), &byte, 1)
            errno = before
        }
        sigaction(number, &action, nil)
    }
    let reader = ends[0]
    detachThread {
        var byte: UInt8 = 0
        while read(reader, &byte, 1) < 0, errno == EINTR {}
        body(Int32(byte))
    }
}

private let terminationPipe = Atomic<Int32>(-1)
