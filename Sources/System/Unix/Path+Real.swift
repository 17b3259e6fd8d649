import CUnix
import Glibc

extension Path {
    /// Returns a path from the root in which the folders on the way are not links. The last part may
    /// be one, and may not exist, like the folders before it.
    package static func real(_ path: String) -> String {
        let path = absolute(path, in: Directory.current)
        var folder = parent(of: path)
        var rest = name(of: path)
        if rest.isEmpty { return "/" }
        while true {
            if let real = realpath(folder, nil) {
                defer { free(real) }
                let found = String(cString: real)
                return found == "/" ? "/\(rest)" : "\(found)/\(rest)"
            }
            if folder == "/" { return path }
            rest = "\(name(of: folder))/\(rest)"
            folder = parent(of: folder)
        }
    }
}

extension File {
    /// Returns a text that stays the same when a file or folder is moved within its file system; nil
    /// if it does not exist.
    package static func identity(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }

    /// Gives a file or folder another name.
    package static func rename(_ path: String, to other: String) throws(SystemError) {
        if Glibc.rename(path, other) != 0 {
            throw SystemError(errno, "rename '\(path)' to '\(other)'")
        }
    }

    /// Deletes a folder with everything in it.
    package static func removeTree(_ path: String) throws(SystemError) {
        for name in try Directory.names(in: path) {
            let inner = "\(path)/\(name)"
            if (try? File(inner, followsLink: false))?.kind == .directory {
                try removeTree(inner)
            } else {
                try remove(inner)
            }
        }
        if rmdir(path) != 0 { throw SystemError(errno, "delete '\(path)'") }
    }
}
