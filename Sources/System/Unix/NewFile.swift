import CUnix
import Glibc

/// A file that is being written for the first time.
package struct NewFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Creates a file. An existing file or link is an error (`EEXIST`).
    ///
    /// - Parameter mode: The permissions, from which the umask takes some away.
    package init(_ path: String, mode: UInt32 = 0o644) throws(SystemError) {
        descriptor = open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode)
        guard descriptor >= 0 else { throw SystemError(errno, "write '\(path)'") }
        self.path = path
    }

    deinit { close(descriptor) }

    package func write(_ bytes: [UInt8]) throws(SystemError) {
        switch writeAll(bytes, to: descriptor) {
        case nil: break
        case .failed(let error)?: throw SystemError(error.code, "write '\(path)'")
        case .closed?: throw SystemError(EPIPE, "write '\(path)'")
        }
    }

    /// Sees to it that the file is on the disk: some file systems report a full disk only here.
    package func flush() throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw SystemError(errno, "write '\(path)'") }
    }

    /// Drops what has been written.
    package func empty() throws(SystemError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw SystemError(errno, "write '\(path)'")
        }
    }
}
