import CUnix
import Glibc
import Waiting

/// A directory that only this user may enter, for the sockets of one child.
package struct PrivateDirectory: Sendable {
    package let path: String

    /// The lock, held until this process ends or the directory is removed. Nil if the file system
    /// does not support locks.
    private let lock: Lock?

    /// The directory in which it was made.
    package var parent: String { Path.parent(of: path) }

    /// Makes `PREFIX-PID-RANDOM`, mode 0700, in the first of `parents` where that succeeds.
    ///
    /// - Parameter longest: The most bytes that its path may have.
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
            // Tried again if a sweep saw the directory before it was locked.
            for _ in 0..<10 {
                var template = Array(name.utf8CString)
                guard mkdtemp(&template) != nil else {
                    failure = SystemError(errno, "create a directory in '\(parent)'")
                    break
                }
                let path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
                switch Lock.take(path) {
                case .lock(let lock):
                    if exists(path) { return PrivateDirectory(path: path, lock: lock) }
                case .impossible:
                    if exists(path) { return PrivateDirectory(path: path, lock: nil) }
                // A sweep has the lock, and is about to remove the directory.
                case .isTaken: break
                }
            }
        }
        throw failure ?? SystemError(ENOENT, "create a directory")
    }

    /// Notes a socket in another directory, to be deleted with this one if no process listens to it
    /// then. A sweep after this process has been killed deletes it too.
    ///
    /// The note is beside the directory, in which the child may write.
    package func note(leftover socket: String) { symlink(socket, Self.note(beside: path)) }

    private static func note(beside path: String) -> String { path + ".leftover" }

    /// Deletes the directory, the files in it and the socket that was noted. Harmless if the
    /// directory is gone.
    package func remove() {
        if let socket = Self.leftover(notedBeside: path) { removeDeadSocket(socket) }
        Self.remove(path)
    }

    /// Deletes, on a new thread, the directories that killed processes have left in `parents`:
    /// those of this user that are no longer locked. The process id in the name is only for people:
    /// by now it may belong to another process, or it may come from another container.
    ///
    /// A directory that notes a socket to which a process listens stays for a later sweep, because
    /// that process may just be ending.
    package static func sweep(_ prefix: String, in parents: [String]) {
        detachThread {
            for parent in parents {
                for name in names(in: parent) where name.hasPrefix(prefix + "-") {
                    let parts = name.dropFirst(prefix.count + 1).split(separator: "-")
                    guard parts.count == 2, pid_t(parts[0]) != nil else { continue }
                    let path = "\(parent)/\(name)"
                    var status = stat()
                    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                        status.st_uid == geteuid()
                    else { continue }
                    guard case .lock(let lock) = Lock.take(path) else { continue }
                    withExtendedLifetime(lock) {
                        if let socket = leftover(notedBeside: path) {
                            if isListening(at: socket) { return }
                            removeDeadSocket(socket)
                        }
                        remove(path)
                    }
                }
            }
        }
    }

    /// Returns the absolute path of the socket that is noted beside a directory, by this user.
    private static func leftover(notedBeside directory: String) -> String? {
        let note = note(beside: directory)
        var status = stat()
        guard lstat(note, &status) == 0, status.st_uid == geteuid(),
            let socket = try? Path.target(ofLink: note), socket.hasPrefix("/")
        else { return nil }
        return socket
    }

    private static func remove(_ path: String) {
        var status = stat()
        let note = note(beside: path)
        if lstat(note, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { unlink(note) }
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if directory >= 0 {
            empty(directory, depth: 0)
            close(directory)
        }
        rmdir(path)
    }

    /// The deepest folder that is removed with the directory: a child may make folders in it.
    private static let deepest = 64

    /// Removes what is in a directory, and follows no links.
    private static func empty(_ directory: Int32, depth: Int) {
        for name in names(in: "/proc/self/fd/\(directory)") {
            if unlinkat(directory, name, 0) == 0 || depth == deepest { continue }
            let inner = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { continue }
            empty(inner, depth: depth + 1)
            close(inner)
            unlinkat(directory, name, AT_REMOVEDIR)
        }
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
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

    /// A lock of a directory: flock(2). It is released when the process ends, for whatever reason.
    private final class Lock: Sendable {
        private let descriptor: Int32

        private init(_ descriptor: Int32) { self.descriptor = descriptor }

        enum Outcome {
            case lock(Lock)
            /// Another process has the lock.
            case isTaken
            /// The directory is gone, or its file system does not support locks.
            case impossible
        }

        /// Takes the lock of the directory at a path without waiting.
        static func take(_ path: String) -> Outcome {
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { return .impossible }
            let lock = Lock(descriptor)
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .lock(lock) }
            return errno == EWOULDBLOCK ? .isTaken : .impossible
        }

        deinit { close(descriptor) }
    }
}

/// Deletes the file of a socket if this user owns it and no process listens to it.
package func removeDeadSocket(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK,
        status.st_uid == geteuid(), !isListening(at: path)
    else { return }
    unlink(path)
}

/// Deletes the file of a socket. Any other kind of file is left alone.
package func removeSocket(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
}
