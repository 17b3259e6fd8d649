import CUnix
import Glibc

/// The facts by which a file or folder is known again, other than its path: a folder that was
/// removed and made again differs, even if it got the same number.
package struct FileIdentity: Equatable, Sendable {
    /// The user id of the owner.
    package let owner: UInt32

    package let inode: UInt64

    /// The number of the device, which may differ after a restart of the system.
    package let device: UInt64

    /// The time when the file was made, in nanoseconds since 1970; 0 if the file system does not
    /// keep it.
    package let birth: Int

    package init(owner: UInt32, inode: UInt64, device: UInt64, birth: Int) {
        self.owner = owner
        self.inode = inode
        self.device = device
        self.birth = birth
    }

    /// - Parameter path: Links are followed.
    package init(_ path: String) throws(SystemError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(errno, "open '\(path)'") }
        self.init(
            owner: status.st_uid, inode: UInt64(status.st_ino), device: UInt64(status.st_dev),
            birth: hector_birth_time(path))
    }

    /// True if both are the same file. The device counts only if there is no time of birth.
    package func isSameFile(as other: FileIdentity) -> Bool {
        guard inode == other.inode, birth == other.birth else { return false }
        return birth != 0 || device == other.device
    }
}

/// The state of a regular file by which a change of its contents is noticed without reading it.
package struct FileVersion: Equatable, Sendable, CustomStringConvertible {
    /// The size, the number, and the times of the last changes of contents and inode, the last of
    /// which no program can set.
    package let description: String

    /// Nil for anything other than a regular file.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        description =
            "\(status.st_size):\(status.st_ino)"
            + ":\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            + ":\(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
    }
}
