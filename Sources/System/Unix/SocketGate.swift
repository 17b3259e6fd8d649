import CUnix
import Glibc
import Waiting

/// The parent's answers when a confined program makes Unix sockets, from its start until it listens.
///
/// The kernel before Linux 7.1 cannot let a program connect to TCP ports and keep it from Unix
/// sockets: connect(2) is the same call for both, and a filter sees only a pointer to the address.
/// So the program gets a socket from here that listens already, in the folder for its socket. Such
/// a socket can be connected to, and cannot be connected. Its bind(2) is answered without being
/// carried out. After that the kernel refuses each new Unix socket.
package enum SocketGate {
    /// The name, in its folder, of the socket that the program has bound.
    private static let name = "listener"

    /// The most sockets that a program may ask for before it binds one of them.
    private static let mostSockets = 32

    /// Answers on a new thread.
    ///
    /// - Parameters:
    ///   - listener: The listener of the filter. It is closed at the end.
    ///   - folder: The folder for the socket. Without one, every request is refused.
    static func open(_ listener: Int32, in folder: String?) {
        detachThread {
            answer(listener, folder)
            close(listener)
        }
    }

    /// Leads to the socket from the path at which the program thinks that it listens.
    package static func link(from path: String) {
        let bound = Path.parent(of: path) + "/" + name
        if bound != path { Glibc.link(bound, path) }
    }

    private static func answer(_ listener: Int32, _ folder: String?) {
        // The paths of the sockets by their numbers in the program.
        var given: [Int32: String] = [:]
        var request = seccomp_notif()
        var count = 0
        while wait(listener) {
            guard hector_next_request(listener, &request) == 0 else {
                // The call was interrupted, or the program has ended.
                if errno == ENOENT || errno == EINTR { continue }
                return
            }
            switch hector_request_kind(&request) {
            case hector_request_socket:
                count += 1
                let path = folder.map { "\($0)/\(name)-\(count)" }
                guard count <= mostSockets, let path,
                    let number = give(path, listener, &request)
                else {
                    _ = hector_answer(listener, &request, 0, EPERM)
                    continue
                }
                given[number] = path
                _ = hector_answer(listener, &request, Int64(number), 0)
            case hector_request_bind:
                if let path = given[hector_request_descriptor(&request)], let folder {
                    rename(path, "\(folder)/\(name)")
                    _ = hector_answer(listener, &request, 0, 0)
                    return
                }
                // The program listens on TCP.
                _ = hector_continue(listener, &request)
            default:
                _ = hector_answer(listener, &request, 0, EPERM)
            }
        }
    }

    /// Waits for a request. False if the program has ended.
    private static func wait(_ listener: Int32) -> Bool {
        while true {
            var polled = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            let count = poll(&polled, 1, -1)
            if count < 0, errno == EINTR { continue }
            return count > 0 && polled.revents & Int16(POLLIN) != 0
        }
    }

    /// Makes a socket that listens at a path, and gives it to the program.
    ///
    /// - Returns: Its number in the program; nil if that failed.
    private static func give(
        _ path: String, _ listener: Int32, _ request: inout seccomp_notif
    ) -> Int32? {
        guard var address = sockaddr_un(path: path) else { return nil }
        let flags = hector_request_type(&request) & O_NONBLOCK
        let made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags | O_CLOEXEC, 0)
        guard made >= 0 else { return nil }
        defer { close(made) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made, $0, size) == 0 }
        }
        guard isBound, listen(made, 16) == 0 else { return nil }
        let number = hector_give_descriptor(listener, &request, made)
        return number >= 0 ? number : nil
    }
}
