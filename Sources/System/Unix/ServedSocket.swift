import Glibc
import Synchronization

/// A path at which clients find a server, whichever of its processes listens there.
package final class ServedSocket: Sendable {
    package let path: String

    private let isOurs = Mutex(false)

    /// The code of the error that a server listens there.
    package static let isInUse = EADDRINUSE

    /// The code of the error that something other than a socket is there.
    package static let isTaken = EEXIST

    /// Takes a path that does not lead to a server, and clears it.
    ///
    /// - Parameter path: An absolute path.
    package init(_ path: String) throws(SystemError) {
        if Self.settings(of: path).utf8.count > Self.longest {
            throw SystemError(ENAMETOOLONG, "listen at '\(path)'")
        }
        try Self.clear(path)
        self.path = path
    }

    /// Removes a socket to which no process listens any more.
    ///
    /// - Throws: ``isInUse`` for the socket of a live server, ``isTaken`` for any other kind of
    ///   file.
    package static func clear(_ path: String) throws(SystemError) {
        guard let file = try? File(path, followsLink: false) else { return }
        let action = "listen at '\(path)'"
        guard file.kind == .socket || file.kind == .link else {
            throw SystemError(isTaken, action)
        }
        if isListening(at: path) { throw SystemError(isInUse, action) }
        // A link to something other than a socket is kept, too.
        if let target = try? File(path), target.kind != .socket {
            throw SystemError(isTaken, action)
        }
        try File.remove(path)
    }

    /// Returns the path of the socket at which a server's clients request settings.
    package static func settings(of path: String) -> String { path + ".settings" }

    /// Lets only this user connect to a socket.
    package static func protect(_ socket: String) throws(SystemError) {
        // A link in its place would lead to a file of the user's.
        guard fchmodat(AT_FDCWD, socket, 0o600, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw SystemError(errno, "protect '\(socket)'")
        }
    }

    /// Returns the reason why a socket cannot be made at a path, if that is its folder.
    package static func obstacle(at path: String) -> SystemError? {
        access(Path.parent(of: path), W_OK | X_OK) == 0
            ? nil : SystemError(errno, "listen at '\(path)'")
    }

    /// sockaddr_un has 108 bytes, one of them for a NUL: unix(7).
    private static let longest = 107

    /// Makes the path lead to a socket to which a process listens, for this user only.
    ///
    /// If the socket is in the same file system as the path, it gets a second name there; if not, a
    /// symbolic link leads to it. The first time, a file that another process has put at the path
    /// meanwhile is left there and is an error; later, a client finds either the old socket or the
    /// new one.
    ///
    package func lead(to socket: String) throws(SystemError) {
        let action = "make '\(path)' lead to '\(socket)'"
        try Self.protect(socket)
        return try isOurs.withLock { isOurs throws(SystemError) in
            let name = isOurs ? "\(path).\(getpid())" : path
            // A process with the same number may have been killed here.
            if isOurs { unlink(name) }
            if link(socket, name) != 0 {
                guard errno == EXDEV else { throw SystemError(errno, action) }
                guard symlink(socket, name) == 0 else { throw SystemError(errno, action) }
            }
            if isOurs, rename(name, path) != 0 {
                let error = SystemError(errno, action)
                unlink(name)
                throw error
            }
            isOurs = true
        }
    }

    /// Removes the file that `lead` has made.
    package func remove() {
        isOurs.withLock { isOurs in
            if isOurs { unlink(path) }
            isOurs = false
        }
    }
}

/// Returns true if a process listens to the socket at a path, or receives there: it may be a socket
/// for datagrams.
package func isListening(at path: String) -> Bool {
    guard let problem = connectionProblem(at: path) else { return true }
    return problem.code == EPROTOTYPE
}

/// Returns the reason why a connection to the socket at a path is impossible, or nil if it is not.
package func connectionProblem(at path: String) -> SystemError? {
    func problem(_ code: Int32) -> SystemError { SystemError(code, "connect to '\(path)'") }
    guard var address = sockaddr_un(path: path) else { return problem(ENAMETOOLONG) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return problem(errno) }
    defer { close(descriptor) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, size)
        }
    }
    // A server that is too busy to take the connection is there as well.
    return result == 0 || errno == EAGAIN ? nil : problem(errno)
}

extension sockaddr_un {
    /// Makes the address of a path, or with a leading `@` of an abstract name. Nil if it is too
    /// long.
    init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        let fits = withUnsafeMutableBytes(of: &sun_path) { room in
            guard bytes.count < room.count else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        if !fits { return nil }
    }
}
