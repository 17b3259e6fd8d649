import CUnix
import Glibc

/// A file in memory without a name in a directory. It is deleted when this process ends for any
/// reason. Until then, other processes of the same user can open its path.
package final class MemoryFile: Sendable {
    let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = hector_memory_file()
        guard descriptor >= 0 else { throw SystemError(errno, "create a file in memory") }
        fchmod(descriptor, 0o600)
    }

    /// A file with these bytes, which is read from its beginning.
    init(containing bytes: [UInt8]) throws(SystemError) {
        descriptor = hector_memory_file()
        guard descriptor >= 0 else { throw SystemError(errno, "create a file in memory") }
        guard writeAll(bytes, to: descriptor) == nil, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw SystemError(errno, "write a file in memory")
        }
    }

    /// A file with these bytes, which other processes of the same user can read by its path.
    package convenience init(private bytes: [UInt8]) throws(SystemError) {
        try self.init(containing: bytes)
        fchmod(descriptor, 0o600)
    }

    deinit { close(descriptor) }

    package var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    package func clear() { ftruncate(descriptor, 0) }
}
