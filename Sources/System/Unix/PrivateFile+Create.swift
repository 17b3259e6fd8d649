import Glibc

extension PrivateFile {
    /// Makes a file that only this user may read. It appears with all of its bytes, and only one of
    /// several processes makes it.
    ///
    /// - Returns: False if there is something of that name already, which stays as it is.
    package static func create(_ path: String, _ bytes: [UInt8]) throws(SystemError) -> Bool {
        try makeDirectory(Path.parent(of: path))
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
        defer { unlink(fresh) }
        if code == 0, link(fresh, path) != 0 { code = errno }
        if code == EEXIST { return false }
        guard code == 0 else { throw SystemError(code, "write '\(path)'") }
        return true
    }

    /// Changes all of a file at once, while no other process adds a line.
    ///
    /// - Parameter change: Gets the bytes that are there now, and returns those to put in their
    ///   place, or nil to leave them.
    /// - Throws: Also an error if there is no such file.
    package static func change(
        _ path: String, limit: Int, _ change: ([UInt8]) -> [UInt8]?
    ) throws(SystemError) {
        let file = try locked(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        defer { close(file) }
        // A process that waits for the lock to add a line notices that another file is there.
        let bytes = try File.read("/dev/fd/\(file)", limit: limit).bytes
        if let changed = change(bytes) { try replace(path, by: changed) }
    }

    /// Takes away all of a file's bytes, without reading them. A file that is missing stays so.
    package static func empty(_ path: String) throws(SystemError) {
        let file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return }
            throw SystemError(errno, "open '\(path)'")
        }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0, errno == EINTR {}
        guard ftruncate(file, 0) == 0, fsync(file) == 0 else {
            throw SystemError(errno, "write '\(path)'")
        }
    }
}
