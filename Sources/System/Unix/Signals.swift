import CUnix
import Glibc
import Waiting

/// Prepares the signals of a program.
///
/// Writing to a pipe without a reader becomes an error instead of a deadly signal, so that there is
/// time to stop plugins, and so does writing to a file that has reached its size limit (ulimit -f).
/// SIGABRT ends the process, also one that another process sends: Swift's handler for crashes writes
/// where each thread is and returns, as it expects abort(3) to end the process then.
package func prepareSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGABRT, SIG_DFL)
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
