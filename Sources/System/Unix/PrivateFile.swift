import CUnix
import Glibc

/// A file of lines that only this user may read.
package enum PrivateFile {
    /// Adds a line at the end. Several processes may do that at a time.
    ///
    /// The file is made if need be, and the directories that lead to it.
    ///
    /// - Parameters:
    ///   - line: Without its newline.
    ///   - isNew: Whether a file that is there already is an error (`EEXIST`).
    package static func append(
        _ line: [UInt8], to path: String, isNew: Bool = false
    ) throws(SystemError) {
        try makeDirectory(Path.parent(of: path))
        let file = open(
            path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : 0), 0o600)
        guard file >= 0 else { throw SystemError(errno, "open '\(path)'") }
        defer { close(file) }
        makePrivate(file)
        while flock(file, LOCK_EX) != 0, errno == EINTR {}
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

    /// Writes a file, in place of what is there. That stays as it is until all has been written.
    ///
    /// - Parameter path: Where it is a link, what that leads to is replaced.
    package static func replace(
        _ path: String, by bytes: [UInt8]
    ) throws(SystemError) {
        let target = realpath(path, nil)
        defer { free(target) }
        let path = target.map { String(cString: $0) } ?? path
        let fresh = "\(path).\(getpid()).new"
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

/// Takes the rights to a regular file from all others, as far as it is this user's.
func makePrivate(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_mode & 0o077 != 0
    else { return }
    fchmod(descriptor, status.st_mode & 0o700)
}
