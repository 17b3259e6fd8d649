import CUnix
import Glibc

/// A Unix socket that only this process's user and root may own and answer at.
package struct OwnSocket: Sendable {
    package let path: String

    /// The reason why nothing may be sent to a socket.
    package struct Danger: Error, Equatable, Sendable, CustomStringConvertible {
        /// A sentence that names the socket.
        package let description: String
    }

    /// - Parameter path: Absolute, or relative to the working directory.
    package init(_ path: String) { self.path = path }

    /// True if no other user can put another socket at the path while this one is used: the
    /// folders on the way are this user's or root's, and the last one does not let others add
    /// files.
    package var isInPrivateFolder: Bool {
        let path = Path.absolute(path, in: Directory.current)
        let resolved = Path.resolved(path) ?? path
        return [path, resolved].allSatisfy { path in
            UnsafeFolder.onTheWay(to: path) == nil
                && Self.dangerOfFolder(Path.parent(of: path)) == nil
        }
    }

    /// Returns the reason why others can put a socket into a folder, or another folder in its place;
    /// nil if they cannot, or if it does not exist.
    package static func dangerOfFolder(_ folder: String) -> String? {
        if let unsafe = UnsafeFolder.onTheWay(to: folder) { return "\(unsafe)" }
        return (try? File(folder))?.danger.map { "the folder '\(folder)' \($0)" }
    }

    /// Checks the owners of the path and, if it is a link, of the socket it leads to. A path
    /// without a file is safe.
    package func checkOwner() throws(Danger) {
        for followsLink in [false, true] {
            guard let file = try? File(path, followsLink: followsLink) else { continue }
            if file.owner != geteuid(), file.owner != 0 { throw danger("belongs to", file.owner) }
        }
    }

    /// Connects, and checks who listens before anything is sent.
    ///
    /// - Returns: A descriptor, which the caller closes; nil if no process listens, or if the one
    ///   that does is too busy.
    package func connect() throws(Danger) -> Int32? {
        try checkOwner()
        guard var address = sockaddr_un(path: path) else { return nil }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, size)
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        let user = hector_peer_user(descriptor)
        if user == Int(geteuid()) || user == 0 { return descriptor }
        close(descriptor)
        throw danger("is answered by", UInt32(clamping: user))
    }

    /// Connects only to check who listens.
    ///
    /// - Returns: False if no process listens.
    @discardableResult
    package func check() throws(Danger) -> Bool {
        guard let descriptor = try connect() else { return false }
        close(descriptor)
        return true
    }

    private func danger(_ verb: String, _ user: UInt32) -> Danger {
        Danger(
            description: "the socket '\(path)' \(verb) user \(user), who is neither you nor root: "
                + "nothing is sent to it")
    }
}
