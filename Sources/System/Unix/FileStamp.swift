import CUnix
import Glibc

/// The identity of a file and of its contents, as far as the kernel knows them without reading it.
///
/// The time of the last change cannot be set by a program, so a file with the same stamp has the
/// same contents, unless it was changed within one tick of the clock.
package struct FileStamp: Equatable, Sendable {
    /// The device, inode, size, mode and times as numbers, separated by colons.
    package let text: String

    /// The time of the last change of contents or attributes, in nanoseconds since 1970.
    package let changed: Int

    package let kind: File.Kind

    /// The permissions without the file type.
    package let mode: UInt32

    /// The size in bytes.
    package let size: Int

    /// Returns the stamp of a file. Links are not followed.
    package init(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemError(errno, "open '\(path)'") }
        let file = File(status)
        kind = file.kind
        mode = file.mode
        size = file.size
        changed = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
        text =
            "\(status.st_dev):\(status.st_ino):\(status.st_size):\(status.st_mode):"
            + "\(file.modified):\(changed)"
    }

    /// The time now, by the clock of ``changed``.
    package static var now: Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }
}
