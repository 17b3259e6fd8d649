import CUnix
import Glibc
import Waiting

/// Prepares the signals of a program.
///
/// Writing to a pipe without a reader becomes an error instead of a deadly signal, so that there is
/// time to stop plugins, and so does writing to a file that has reached its size limit (ulimit -f).
/// SIGQUIT and SIGABRT end the process also when another process sends them: Swift's handler for
/// crashes writes where each thread is and returns, as it expects the crash to happen again.
package func prepareSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGQUIT, SIGABRT] {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { continue }
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        // A shell without job control starts what is in the background with SIGQUIT ignored.
        if handler != unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_DFL) }
    }
}

/// Ends this process as the signal ends a program that does not handle it.
package func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    raise(number)
    endProcess(128 + number)
}

/// Ends this process in the same way after a delay, if it still runs.
package func die(of number: Int32, after delay: Duration) {
    detachThread {
        usleep(UInt32(clamping: Int(delay / .microseconds(1))))
        die(of: number)
    }
}
