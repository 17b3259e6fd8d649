import Glibc

/// Returns the wall-clock time that `body` takes, in seconds.
func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try await body()
    return (clock.now - start) / .seconds(1)
}

/// Runs this program again with other arguments and waits until it ends.
func runAgain(_ arguments: String...) {
    var child = pid_t()
    var strings = ([CommandLine.arguments[0]] + arguments).map { strdup($0) } + [nil]
    posix_spawn(&child, "/proc/self/exe", nil, nil, &strings, environ)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    precondition(status == 0, "the second process failed")
}
