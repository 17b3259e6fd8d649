import CUnix
import Glibc
import Waiting

/// Makes writing to a pipe nobody reads an error instead of sudden death, so
/// there is time to stop plugins; and so for a file that is as long as it may be (ulimit -f).
package func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
}

/// Ends as the signal would have ended a program that does not know it.
package func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    raise(number)
    endProcess(128 + number)
}

/// Ends so after a while, if the process is still there.
package func die(of number: Int32, after delay: Duration) {
    detachThread {
        usleep(UInt32(clamping: Int(delay / .microseconds(1))))
        die(of: number)
    }
}
