import CUnix
import Glibc

/// A directory that paths cannot leave, whatever is moved in it in the meantime: the kernel itself
/// resolves each path beneath it, or ``ConfinedWalk`` does where openat2(2) is missing or forbidden.
///
/// Links that stay within are followed, except absolute ones. A file in it may still be a hard link
/// to a file that also has a name outside.
package final class ConfinedDirectory: Sendable {
    let descriptor: Int32

    /// True if the kernel resolves paths beneath it. A filter of a confined program may forbid that,
    /// as those for Landlock before Linux 6.2 do.
    private let isResolvedByKernel: Bool

    /// Opens a directory at any path.
    package convenience init(_ path: String) throws(ConfinementError) {
        try self.init(path, mayUseKernel: true)
    }

    convenience init(_ path: String, mayUseKernel: Bool) throws(ConfinementError) {
        if path.isEmpty || path.utf8.contains(0) { throw .malformed(path) }
        let descriptor = Glibc.open(path, Self.flags)
        guard descriptor >= 0 else { throw ConfinementError(errno, path, "open") }
        let found = mayUseKernel ? hector_open_beneath(descriptor, ".", Self.flags, 0, 1) : -1
        if found >= 0 { close(found) }
        self.init(takingOwnershipOf: descriptor, isResolvedByKernel: found >= 0)
    }

    private init(takingOwnershipOf descriptor: Int32, isResolvedByKernel: Bool) {
        self.descriptor = descriptor
        self.isResolvedByKernel = isResolvedByKernel
    }

    deinit { close(descriptor) }

    private static let flags = hector_names_only() | O_DIRECTORY | O_CLOEXEC

    /// Returns a directory in this one, which confines paths more narrowly.
    package func directory(_ path: String) throws(ConfinementError) -> ConfinedDirectory {
        let found = try open(path, Self.flags)
        let copy = fcntl(found.raw, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .failed(SystemError(errno, "open '\(path)'")) }
        return ConfinedDirectory(takingOwnershipOf: copy, isResolvedByKernel: isResolvedByKernel)
    }

    /// Opens a regular file for reading. Other kinds of file are not opened.
    ///
    /// - Parameter followsLinks: False to make a path with a link in it `.unfollowable`.
    package func file(
        _ path: String, followsLinks: Bool = true
    ) throws(ConfinementError) -> ConfinedFile {
        // The call must not wait for the other end of a pipe, or acquire a terminal.
        let file = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, followsLinks: followsLinks)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw ConfinementError(errno, path, "read") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return ConfinedFile(file, path, status)
        case S_IFDIR: throw .directory(path)
        default: throw .special(path)
        }
    }

    func open(
        _ path: String, _ flags: Int32, mode: UInt32 = 0, followsLinks: Bool = true
    ) throws(ConfinementError) -> Descriptor {
        if path.isEmpty || path.utf8.contains(0) { throw .malformed(path) }
        if path.utf8.first == UInt8(ascii: "/") { throw .absolute(path) }
        var code: Int32 = 0
        // The kernel gives up on `..` when anything is moved meanwhile, and has to be asked again.
        for _ in 0..<1000 {
            let result =
                isResolvedByKernel
                ? hector_open_beneath(
                    descriptor, path, flags | O_CLOEXEC, mode, followsLinks ? 1 : 0)
                : ConfinedWalk(from: descriptor, followsLinks: followsLinks)
                    .open(path, flags | O_CLOEXEC, mode)
            if result >= 0 { return Descriptor(takingOwnershipOf: result) }
            code = errno
            if code != EAGAIN && code != EINTR { break }
        }
        throw error(code, path, "open")
    }

    /// Returns the error for the `errno` of a system call with a path in this directory.
    func error(_ code: Int32, _ path: String, _ verb: String) -> ConfinementError {
        code == ENOENT && isRemoved ? .removed : ConfinementError(code, path, verb)
    }

    /// True if the directory has been deleted.
    private var isRemoved: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink == 0
    }
}
