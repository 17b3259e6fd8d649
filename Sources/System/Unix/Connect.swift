import Glibc

/// Connects to a Unix socket.
///
/// - Returns: A descriptor, which the caller closes.
package func connect(toSocket path: String) throws(SystemError) -> Int32 {
    let action = "connect to '\(path)'"
    guard var address = sockaddr_un(path: path) else { throw SystemError(ENAMETOOLONG, action) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw SystemError(errno, action) }
    let result = withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    return try connected(descriptor, result, action)
}

/// Connects over TCP.
///
/// - Parameter host: A name or a numeric address, IPv6 without brackets.
/// - Returns: A descriptor, which the caller closes.
package func connect(toHost host: String, port: Int) throws(SystemError) -> Int32 {
    let action = "connect to port \(port) of '\(host)'"
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let problem = getaddrinfo(host, "\(port)", &hints, &list)
    guard problem == 0, let first = list?.pointee else {
        throw SystemError(EINVAL, action, saying: String(cString: gai_strerror(problem)))
    }
    defer { freeaddrinfo(list) }
    let descriptor = socket(first.ai_family, first.ai_socktype | O_CLOEXEC, first.ai_protocol)
    guard descriptor >= 0 else { throw SystemError(errno, action) }
    return try connected(
        descriptor, connect(descriptor, first.ai_addr, first.ai_addrlen), action)
}

private func connected(
    _ descriptor: Int32, _ result: Int32, _ action: String
) throws(SystemError) -> Int32 {
    if result == 0 { return descriptor }
    let code = errno
    close(descriptor)
    throw SystemError(code, action)
}
