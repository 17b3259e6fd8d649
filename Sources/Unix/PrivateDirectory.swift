import CUnix
import Glibc

/// A directory that only this user may enter, for the sockets of one child.
package struct PrivateDirectory: Sendable {
    package let path: String

    /// The directory it was made in.
    package var parent: String { Path.parent(of: path) }

    /// Makes `PREFIX-PID-RANDOM`, mode 0700, in the first of `parents` where that can be done.
    ///
    /// - Parameter longest: The most bytes its path may have.
    package static func make(
        _ prefix: String, in parents: [String], longest: Int
    ) throws(SystemError) -> PrivateDirectory {
        var failure: SystemError?
        for parent in parents where parent.hasPrefix("/") {
            let base = parent == "/" ? "" : parent
            let name = "\(base)/\(prefix)-\(getpid())-XXXXXX"
            guard name.utf8.count <= longest else {
                failure = failure ?? SystemError(ENAMETOOLONG, "create a directory in '\(parent)'")
                continue
            }
            var template = Array(name.utf8CString)
            if mkdtemp(&template) != nil {
                return PrivateDirectory(
                    path: String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self))
            }
            failure = SystemError(errno, "create a directory in '\(parent)'")
        }
        throw failure ?? SystemError(ENOENT, "create a directory")
    }

    /// Deletes the directory and the files in it. Harmless if it is gone.
    package func remove() { Self.remove(path) }

    /// Deletes, on a thread of its own, what processes that were killed have
    /// left in `parents`: directories of this user's whose process is gone and
    /// which are older than any process takes to start.
    package static func sweep(_ prefix: String, in parents: [String]) {
        detachThread {
            for parent in parents {
                for name in names(in: parent) where name.hasPrefix(prefix + "-") {
                    let parts = name.dropFirst(prefix.count + 1).split(separator: "-")
                    guard parts.count == 2, let process = pid_t(parts[0]), process > 0,
                        kill(process, 0) == -1, errno == ESRCH
                    else { continue }
                    let path = "\(parent)/\(name)"
                    var status = stat()
                    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                        status.st_uid == geteuid(), status.st_mtim.tv_sec < time(nil) - 600
                    else { continue }
                    remove(path)
                }
            }
        }
    }

    private static func remove(_ path: String) {
        for name in names(in: path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// Deletes a socket's file. Any other kind of file is left alone.
package func removeSocket(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
}
