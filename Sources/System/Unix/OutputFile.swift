import Glibc

/// A file that is written from its beginning. It is closed with the last reference to this object.
package final class OutputFile: Sendable {
    package let descriptor: Int32
    package let path: String

    /// Creates the file, or empties it.
    ///
    /// - Parameter isPrivate: True to let only this user read it, even if it exists already.
    package init(creating path: String, isPrivate: Bool = false) throws(SystemError) {
        descriptor = open(
            path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
        self.path = path
        if descriptor < 0 { throw SystemError(errno, "write '\(path)'") }
        if isPrivate { makePrivate(descriptor) }
    }

    /// Writes all bytes, and waits until that is done.
    ///
    /// - Returns: The error, or nil.
    package func write(_ bytes: [UInt8]) -> OutputError? {
        writeAll(bytes, to: descriptor)?.naming(path)
    }

    /// Waits until everything written is on the disk.
    package func synchronize() throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw SystemError(errno, "write to the disk") }
    }

    deinit { close(descriptor) }
}
