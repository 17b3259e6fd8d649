import CUnix
import Glibc
import Waiting

/// Makes writing to a pipe without a reader an error instead of a deadly signal, so that there is
/// time to stop plugins. Does the same for a file that has reached its size limit (ulimit -f).
package func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
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
