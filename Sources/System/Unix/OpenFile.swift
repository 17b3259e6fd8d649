import CUnix
import Glibc

/// A regular file that is read in pieces.
package final class OpenFile {
    private let descriptor: Int32
    private let path: String

    /// Opens a file. A link is not followed (`ELOOP`).
    package init(_ path: String) throws(SystemError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemError(errno, "open '\(path)'") }
        self.path = path
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SystemError(EINVAL, "read '\(path)'", saying: "Not a regular file")
        }
    }

    deinit { close(descriptor) }

    /// Returns the next bytes, and none at the end.
    package func next() throws(SystemError) -> [UInt8] {
        var failure: Int32 = 0
        let size = 256 * 1024
        let block = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var result: Int
            repeat {
                result = read(descriptor, buffer.baseAddress, size)
            } while result < 0 && errno == EINTR
            failure = result < 0 ? errno : 0
            count = max(0, result)
        }
        guard failure == 0 else { throw SystemError(failure, "read '\(path)'") }
        return block
    }
}
