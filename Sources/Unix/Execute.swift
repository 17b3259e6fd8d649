import CUnix
import Glibc

/// Replaces this process with another program, which keeps its streams, its terminal and its
/// environment.
///
/// The program begins with signals as this one found them when it began itself: none blocked, as
/// Swift's threads block most of them and execve(2) hands on the mask of the thread that calls it,
/// and SIGPIPE as it is by default. What the parent had ignored, as nohup(1) does SIGHUP, stays so.
///
/// - Parameter arguments: The program's name first.
/// - Returns: Only if the program could not be run; then signals are as they were.
package func execute(_ path: String, arguments: [String]) -> SystemError {
    var none = sigset_t()
    var mask = sigset_t()
    sigemptyset(&none)
    var standard = sigaction()
    standard.__sigaction_handler.sa_handler = SIG_DFL
    var before: [(signal: Int32, action: sigaction)] = []
    for number in [SIGPIPE, SIGXFSZ] {
        var action = sigaction()
        sigaction(number, &standard, &action)
        before.append((number, action))
    }
    pthread_sigmask(SIG_SETMASK, &none, &mask)
    var code: Int32 = 0
    withCStrings(arguments) {
        _ = execv(path, $0)
        code = errno
    }
    pthread_sigmask(SIG_SETMASK, &mask, nil)
    for (number, saved) in before {
        var action = saved
        sigaction(number, &action, nil)
    }
    return SystemError(code, "run '\(path)'")
}
