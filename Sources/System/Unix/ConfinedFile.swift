import CUnix
import Glibc

/// A regular file in a confined directory, open to be read from its beginning.
package struct ConfinedFile: ~Copyable {
    private let descriptor: Descriptor
    private let path: String

    /// The size in bytes when the file was opened. For the files of /proc it is 0.
    package let size: Int

    package let version: Version

    /// The properties that distinguish two versions of a file, as far as the file system records
    /// them.
    package struct Version: Equatable, Sendable {
        private let device, inode: UInt
        private let size: Int
        private let seconds, nanoseconds: Int

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    init(_ descriptor: consuming Descriptor, _ path: String, _ status: stat) {
        self.descriptor = descriptor
        self.path = path
        size = Int(status.st_size)
        version = Version(status)
    }

    /// Reads the next bytes.
    ///
    /// - Returns: The requested number of bytes, or fewer if the file ends before.
    package borrowing func read(_ count: Int) throws(ConfinementError) -> [UInt8] {
        var failure: Int32 = 0
        let block = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let result = Glibc.read(
                    descriptor.raw, buffer.baseAddress! + filled, count - filled)
                if result < 0, errno == EINTR { continue }
                failure = result < 0 ? errno : 0
                if result <= 0 { break }
                filled += result
            }
        }
        guard failure == 0 else { throw .failed(SystemError(failure, "read '\(path)'")) }
        return block
    }
}
