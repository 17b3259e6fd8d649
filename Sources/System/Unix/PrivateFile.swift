import CUnix
import Glibc

/// Functions for files that only this user may read.
package enum PrivateFile {
    /// Adds a line at the end. Several processes may do that at the same time.
    ///
    /// The file and the directories that lead to it are made if necessary.
    ///
    /// - Parameters:
    ///   - line: The line without its newline.
    ///   - isNew: True if an existing file is an error (`EEXIST`).
    package static func append(
        _ line: [UInt8], to path: String, isNew: Bool = false
    ) throws(SystemError) {
        try makeDirectory(Path.parent(of: path))
        let file = try locked(
            path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : 0))
        defer { close(file) }
        makePrivate(file)
        var status = stat()
        var last = UInt8(ascii: "\n")
        if fstat(file, &status) == 0, status.st_size > 0 {
            pread(file, &last, 1, status.st_size - 1)
        }
        // A line that a crash has cut short must not swallow this one.
        let bytes = (last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]) + line
        switch writeAll(bytes + [UInt8(ascii: "\n")], to: file) {
        case nil: break
        case .failed(let error)?: throw SystemError(error.code, "write '\(path)'")
        case .closed?: throw SystemError(EPIPE, "write '\(path)'")
        }
    }

    /// Opens a file and waits for its lock. If it has been replaced meanwhile, the new one is opened.
    ///
    /// - Returns: A descriptor, which is the caller's.
    static func locked(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
        while true {
            let file = open(path, flags, 0o600)
            guard file >= 0 else { throw SystemError(errno, "open '\(path)'") }
            while flock(file, LOCK_EX) != 0, errno == EINTR {}
            var (own, there) = (stat(), stat())
            // No other process has a new file yet. What was deleted is not there again.
            if flags & O_EXCL != 0 || fstat(file, &own) != 0 || stat(path, &there) != 0
                || (own.st_ino, own.st_dev) == (there.st_ino, there.st_dev)
            {
                return file
            }
            close(file)
        }
    }

    /// The end of the names of files that are about to get another one.
    private static let freshSuffix = ".new"

    /// Returns a name for a file that is about to get the name at a path.
    static func fresh(_ path: String) -> String {
        "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36))\(freshSuffix)"
    }

    /// Deletes what processes that were killed while they wrote a file have left.
    package static func removeLeftovers(of path: String) {
        let folder = Path.parent(of: path)
        let prefix = Path.name(of: path) + "."
        for name in (try? Directory.names(in: folder)) ?? []
        where name.hasPrefix(prefix) && name.hasSuffix(freshSuffix) {
            unlink("\(folder)/\(name)")
        }
    }

    /// Writes a file in place of an existing one. The old file stays unchanged until everything has
    /// been written.
    ///
    /// - Parameter path: The path of the file. If it is a link, the file it leads to is replaced.
    package static func replace(
        _ path: String, by bytes: [UInt8]
    ) throws(SystemError) {
        let target = realpath(path, nil)
        defer { free(target) }
        let path = target.map { String(cString: $0) } ?? path
        let fresh = fresh(path)
        let file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SystemError(errno, "write '\(path)'") }
        var code: Int32 = 0
        switch writeAll(bytes, to: file) {
        case nil: if fsync(file) != 0 { code = errno }
        case .failed(let error)?: code = error.code
        case .closed?: code = EPIPE
        }
        close(file)
        if code == 0, rename(fresh, path) == 0 { return }
        if code == 0 { code = errno }
        unlink(fresh)
        throw SystemError(code, "write '\(path)'")
    }

    /// Makes a directory that only this user may enter, and those that lead to it.
    package static func makeDirectory(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path != "/", path != "." else {
            throw SystemError(errno, "create the directory '\(path)'")
        }
        try makeDirectory(Path.parent(of: path))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SystemError(errno, "create the directory '\(path)'")
        }
    }
}

/// Removes the permissions of all other users from a regular file, if this user owns it.
func makePrivate(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_mode & 0o077 != 0
    else { return }
    fchmod(descriptor, status.st_mode & 0o700)
}
