import Glibc
import Waiting

/// A file that only one process at a time can lock: flock(2). The lock is released when the process
/// ends for any reason.
package final class FileLock: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock if it is free. The file is created if it does not exist.
    ///
    /// - Returns: Nil if another process has it.
    package static func take(_ path: String) throws(SystemError) -> FileLock? {
        let lock = try opened(path)
        while flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return nil }
            if errno != EINTR { throw SystemError(errno, "lock '\(path)'") }
        }
        return lock
    }

    /// Waits until the lock is free, and takes it.
    package static func wait(for path: String) async throws -> FileLock {
        let lock = try opened(path)
        let isTaken = Latch<Void>.onThread {
            while flock(lock.descriptor, LOCK_EX) != 0, errno == EINTR {}
        }
        guard await isTaken.wait() != nil else { throw CancellationError() }
        return lock
    }

    /// Blocks this thread until the lock is free, and takes it. The folder must exist.
    package static func waitOnThisThread(for path: String) throws(SystemError) -> FileLock {
        let lock = try opened(path)
        while flock(lock.descriptor, LOCK_EX) != 0, errno == EINTR {}
        return lock
    }

    private static func opened(_ path: String) throws(SystemError) -> FileLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError(errno, "open '\(path)'") }
        return FileLock(descriptor)
    }
}
