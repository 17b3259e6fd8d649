import CUnix
import Glibc

/// A directory that no path leads out of, whatever is moved about in it in the meantime: the
/// kernel itself resolves each path beneath it.
///
/// Links that stay within are followed, except absolute ones. A file in it may still be a hard
/// link to one that has a name outside, too.
package final class ConfinedDirectory: Sendable {
    let descriptor: Int32

    /// Opens a directory anywhere.
    ///
    /// - Throws: `.unsupported`, too, if paths in it could not be confined.
    package convenience init(_ path: String) throws(ConfinementError) {
        if path.isEmpty || path.utf8.contains(0) { throw .malformed(path) }
        let descriptor = Glibc.open(path, Self.flags)
        guard descriptor >= 0 else { throw ConfinementError(errno, path, "open") }
        self.init(takingOwnershipOf: descriptor)
        do throws(ConfinementError) {
            _ = try open(".", Self.flags)
        } catch .failed(let error) where error.code == EPERM {
            // So filters of system calls answer that do not know this one.
            throw .unsupported
        }
    }

    private init(takingOwnershipOf descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static let flags = hector_names_only() | O_DIRECTORY | O_CLOEXEC

    /// A directory in this one, which confines more narrowly.
    package func directory(_ path: String) throws(ConfinementError) -> ConfinedDirectory {
        let found = try open(path, Self.flags)
        let copy = fcntl(found.raw, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .failed(SystemError(errno, "open '\(path)'")) }
        return ConfinedDirectory(takingOwnershipOf: copy)
    }

    /// Opens a regular file to read it, and anything else not at all.
    ///
    /// - Parameter followsLinks: Without, a path with a link in it is `.unfollowable`.
    package func file(
        _ path: String, followsLinks: Bool = true
    ) throws(ConfinementError) -> ConfinedFile {
        // Nobody waits for the other end of a pipe, or gets a terminal.
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
        // The kernel gives up on `..` when anything is moved meanwhile, and wants to be asked again.
        for _ in 0..<1000 {
            let result = hector_open_beneath(
                descriptor, path, flags | O_CLOEXEC, mode, followsLinks ? 1 : 0)
            if result >= 0 { return Descriptor(takingOwnershipOf: result) }
            code = errno
            if code != EAGAIN && code != EINTR { break }
        }
        throw error(code, path, "open")
    }

    /// What a system call with a path in this directory left in `errno`.
    func error(_ code: Int32, _ path: String, _ verb: String) -> ConfinementError {
        code == ENOENT && isRemoved ? .removed : ConfinementError(code, path, verb)
    }

    /// Whether the directory has no name any more.
    private var isRemoved: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink == 0
    }
}
