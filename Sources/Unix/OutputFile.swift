import Glibc

/// A file that is written from its beginning. Closed with the last reference to this.
package final class OutputFile: Sendable {
    package let descriptor: Int32

    /// Makes the file, or empties it.
    package init(creating path: String) throws(SystemError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw SystemError(errno, "write '\(path)'") }
    }

    deinit { close(descriptor) }
}
