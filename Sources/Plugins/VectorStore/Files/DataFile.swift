import Glibc
import Unix

/// An open file of a store, which is read and written at given offsets.
final class DataFile: Sendable {
    let path: String
    let descriptor: Int32

    enum Mode {
        case reading, writing
        /// A new file in place of one that a killed process may have left.
        case creating
    }

    /// - Throws: `missing` if it is not there.
    init(_ path: String, _ mode: Mode) throws(StoreError) {
        self.path = path
        let flags =
            switch mode {
            case .reading: O_RDONLY
            case .writing: O_RDWR
            case .creating: O_RDWR | O_CREAT | O_TRUNC
            }
        descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            if errno == ENOENT { throw StoreError.missing(path) }
            throw StoreError(errno, mode == .creating ? "create '\(path)'" : "open '\(path)'")
        }
    }

    deinit { close(descriptor) }

    /// The facts that change when another file takes this name, and when this one changes.
    struct Identity: Equatable {
        let device: UInt
        let inode: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        fileprivate init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }

        /// Returns nil if there is no such file.
        init?(_ path: String) throws(StoreError) {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else {
                if errno == ENOENT { return nil }
                throw StoreError(errno, "read '\(path)'")
            }
            self.init(status)
        }
    }

    var identity: Identity {
        get throws(StoreError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else {
                throw StoreError(errno, "read '\(path)'")
            }
            return Identity(status)
        }
    }

    var size: Int { get throws(StoreError) { try identity.size } }

    /// Tells the kernel that what lies beside the bytes that are read will not be.
    func expectRandomReads() { posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_RANDOM)) }

    /// Returns the bytes that are there, up to `count`.
    func readAvailable(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let read = unsafe pread(
                    descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
                if read < 0, errno == EINTR { continue }
                if read < 0 { failure = errno }
                if read <= 0 { break }
                done += read
            }
        }
        guard failure == 0 else { throw StoreError(failure, "read '\(path)'") }
        return bytes
    }

    /// - Throws: `damage` if the file ends before.
    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        let bytes = try readAvailable(at: offset, count: count)
        guard bytes.count == count else {
            throw .damage(path, "it ends at byte \(offset + bytes.count)")
        }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor, buffer.baseAddress! + done, buffer.count - done,
                    off_t(offset + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw StoreError(written < 0 ? errno : ENOSPC, "write '\(path)'")
            }
            done += written
        }
    }

    /// Returns once the bytes that were written are on the disk.
    func sync() throws(StoreError) {
        guard fdatasync(descriptor) == 0 else { throw StoreError(errno, "write '\(path)'") }
    }

    /// Lets the disk begin to write.
    func startWriting() { startWriteback(descriptor) }

    func truncate(to size: Int) throws(StoreError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else {
            throw StoreError(errno, "shorten '\(path)'")
        }
    }

    /// Runs `body` while no other opened file has the lock: flock(2).
    func withLock<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { throw StoreError(errno, "lock '\(path)'") }
        }
        defer { flock(descriptor, LOCK_UN) }
        return try body()
    }
}

/// Blocks the signal for files that are too large (ulimit -f) on this thread, so that a write fails
/// instead.
func blockFileSizeSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGXFSZ)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
}
