import Glibc
import Unix

// The few system calls of this module. All its unsafe code is here, and in each case that is a
// pointer to memory that the call itself lends to the kernel.

func environmentVariable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// Writes all bytes, in one call unless the kernel takes fewer.
///
/// - Returns: 0, or the `errno` of the write that failed.
@discardableResult
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    unsafe bytes.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = unsafe write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                written += count
            } else if count < 0, errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

/// Lets only this user connect to a socket, or this user and a group.
///
/// - Parameter group: The name or number of a group.
func restrict(socket path: String, toGroup group: String?) throws(SystemError) {
    guard let group else {
        if unsafe chmod(path, 0o600) == 0 { return }
        let code = errno
        // A confined plugin may not change modes. Its host made the folder, for this user only.
        guard isPrivateFolder(of: path) else { throw SystemError(code, "protect '\(path)'") }
        return
    }
    let number: gid_t
    if let given = gid_t(group) {
        number = given
    } else if let entry = unsafe getgrnam(group) {
        number = unsafe entry.pointee.gr_gid
    } else {
        throw SystemError(ENOENT, "find the group '\(group)'")
    }
    guard unsafe chown(path, uid_t.max, number) == 0, unsafe chmod(path, 0o660) == 0 else {
        throw SystemError(errno, "give '\(path)' to the group '\(group)'")
    }
}

/// True if only this user may enter the folder of a file.
private func isPrivateFolder(of path: String) -> Bool {
    guard let folder = try? File(Path.parent(of: path)) else { return false }
    return folder.owner == geteuid() && folder.mode & 0o077 == 0
}

/// Redirects printed output to standard error. The descriptor that was standard output stays open
/// under another number, so that the host does not take the plugin for dead.
///
/// A go-plugin host reads standard output by lines of up to 64 KiB and stops reading after a longer
/// one: then printing would wait forever. From standard error it reads lines of any length.
func redirectPrinting() {
    _ = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    dup2(STDERR_FILENO, STDOUT_FILENO)
}

/// Ends the process once printed output is written, and without the cleanup of libraries, which
/// other threads may still be using.
func leave(_ status: Int32 = 0) -> Never {
    fflush(nil)
    _exit(status)
}
