import Glibc

/// What started this process and wants to know how it is doing: sd_notify(3).
package enum ServiceManager {
    /// The variable that names the socket it listens to. No child should have it.
    package static let variable = "NOTIFY_SOCKET"

    /// Tells it something, such as `READY=1`, if there is one. That it cannot be told is no
    /// reason to stop.
    package static func notify(_ state: String) {
        guard let path = Environment.current[variable], path.hasPrefix("/") || path.hasPrefix("@"),
            var address = sockaddr_un(path: path)
        else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // An abstract name has no NUL at its end: it is as long as the address says.
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let bytes = Array(state.utf8)
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }
}
