import CUnix
import Glibc

extension Directory {
    /// Makes a folder. An existing file or folder is an error (`EEXIST`).
    ///
    /// - Parameter mode: The permissions, from which the umask takes some away.
    package static func make(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        guard mkdir(path, mode) == 0 else {
            throw SystemError(errno, "create the directory '\(path)'")
        }
    }

    /// Makes a folder with a new name, which only this user may enter.
    ///
    /// - Parameter prefix: The beginning of its path.
    package static func makeNew(_ prefix: String) throws(SystemError) -> String {
        var template = Array("\(prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SystemError(errno, "create a directory in '\(Path.parent(of: prefix))'")
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Gives two folders each other's names at once. Where the file system cannot do that, there is
    /// a moment in which the second name does not exist.
    ///
    /// - Parameter spare: A name for that moment.
    package static func exchange(
        _ first: String, _ second: String, by spare: String
    ) throws(SystemError) {
        if hector_exchange(first, second) == 0 { return }
        guard errno == EINVAL || errno == ENOSYS || errno == EPERM else {
            throw SystemError(errno, "rename '\(first)' to '\(second)'")
        }
        try File.rename(second, to: spare)
        do throws(SystemError) {
            try File.rename(first, to: second)
        } catch {
            try? File.rename(spare, to: second)
            throw error
        }
        try File.rename(spare, to: first)
    }

    /// Sets the permissions of a folder or file.
    package static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        guard chmod(path, mode) == 0 else { throw SystemError(errno, "change '\(path)'") }
    }

    /// The permissions that new files do not get.
    package static var mask: UInt32 {
        let mask = umask(0o077)
        umask(mask)
        return mask
    }

    /// Sees to it that everything on the file system of a folder is on the disk.
    package static func flush(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        hector_sync(descriptor)
        close(descriptor)
    }
}

extension File {
    /// Makes a symbolic link.
    package static func makeLink(_ path: String, to target: String) throws(SystemError) {
        guard symlink(target, path) == 0 else { throw SystemError(errno, "write '\(path)'") }
    }

    /// Returns the target of a symbolic link.
    package static func target(ofLink path: String) throws(SystemError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes {
            readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard count >= 0 else { throw SystemError(errno, "read '\(path)'") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Sets the times of a file to now.
    package static func touch(_ path: String) {
        // By a descriptor, as a confined program may not change times by a path.
        let file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else { return }
        // The contents stay.
        futimens(file, nil)
        close(file)
    }
}
