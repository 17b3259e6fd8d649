import Glibc

/// Replaces this process with another program, which keeps its streams, its terminal and its
/// environment.
///
/// - Parameter arguments: The program's name first.
/// - Returns: Only if the program could not be run.
package func execute(_ path: String, arguments: [String]) -> SystemError {
    withCStrings(arguments) { _ = execv(path, $0) }
    return SystemError(errno, "run '\(path)'")
}
