import CUnix
import Glibc

/// A file that is read block by block. It is closed with the last reference to this object.
package final class InputFile: Sendable {
    package let descriptor: Int32

    /// The name of the file in messages.
    private let path: String

    /// Opens a file. For a named pipe this waits until a process writes to it.
    package init(opening path: String) throws(SystemError) {
        descriptor = RawPath.with(path) { open($0, O_RDONLY | O_CLOEXEC) }
        if descriptor < 0 { throw SystemError(errno, "open '\(path)'") }
        self.path = path
    }

    /// Opens a file that has an end: a regular one, or a pipe without a name, such as that of a
    /// shell's `<(command)`. A named pipe, which may never end, and a device are errors and are not
    /// opened.
    package convenience init(openingFinite path: String) throws(SystemError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(errno, "open '\(path)'") }
        switch File(status).kind {
        case .regular: break
        case .directory: throw SystemError(EISDIR, "read '\(path)'")
        default:
            guard hector_is_unnamed_pipe(path) == 1 else {
                throw SystemError(
                    EINVAL, "read '\(path)'", saying: "Not a regular file; '- <FILE' reads any")
            }
        }
        try self.init(opening: path)
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    package static let standardInput = InputFile(descriptor: STDIN_FILENO, path: "standard input")

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// Reads until there are `count` bytes or the file has ended.
    package func read(_ count: Int) throws(SystemError) -> [UInt8] {
        var failure: Int32 = 0
        let block = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let result = Glibc.read(
                    descriptor, buffer.baseAddress! + filled, count - filled)
                if result > 0 {
                    filled += result
                } else if result == 0 {
                    break
                } else if errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        guard failure == 0 else { throw SystemError(failure, "read '\(path)'") }
        return block
    }
}
