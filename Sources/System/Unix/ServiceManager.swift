import Glibc

/// The service manager that started this process and wants its state: sd_notify(3).
package enum ServiceManager {
    /// The variable that names the service manager's socket. Children should not get it.
    package static let variable = "NOTIFY_SOCKET"

    /// Sends a state such as `READY=1` to the service manager, if there is one. Failures are
    /// ignored.
    package static func notify(_ state: String) {
        guard let path = Environment.current[variable], path.hasPrefix("/") || path.hasPrefix("@"),
            var address = sockaddr_un(path: path)
        else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // An abstract name does not end with a NUL: the size of the address sets its length.
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let bytes = Array(state.utf8)
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }
}
