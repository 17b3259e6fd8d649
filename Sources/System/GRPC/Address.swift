import Glibc

/// The address at which a server listens.
package enum Address: Sendable, Hashable {
    /// The path of a Unix socket, absolute or relative, at most 107 bytes.
    case unix(String)

    /// - Parameter host: A name or a numeric address, IPv6 without brackets.
    case tcp(host: String, port: Int)

    /// True if a text that a user gives for a socket is meant as `HOST:PORT`: it has a colon and
    /// does not have a slash. A path of that form has to begin with `./`.
    package static func readsAsHostAndPort(_ text: String) -> Bool {
        text.contains(":") && !text.contains("/")
    }

    /// True if a server that listens there can be reached at every address of the machine.
    package var isUnspecified: Bool {
        guard case .tcp(let host, _) = self else { return false }
        if host.isEmpty || host == "*" { return true }
        var short = in_addr()
        // It accepts "0" too, as connecting does.
        if inet_aton(host, &short) != 0 { return short.s_addr == 0 }
        var long = in6_addr()
        guard inet_pton(AF_INET6, host, &long) == 1 else { return false }
        let bytes = withUnsafeBytes(of: long) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        return bytes[(isMapped ? 12 : 0)...].allSatisfy { $0 == 0 }
    }

    /// True if only processes of this machine can be reached there. A name other than "localhost"
    /// is not, as it may lead elsewhere at the next look.
    package var isLoopback: Bool {
        guard case .tcp(let host, _) = self else { return true }
        if host == "localhost" { return true }
        var short = in_addr()
        if inet_aton(host, &short) != 0 { return UInt32(bigEndian: short.s_addr) >> 24 == 127 }
        var long = in6_addr()
        guard inet_pton(AF_INET6, host, &long) == 1 else { return false }
        let bytes = withUnsafeBytes(of: long) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        if isMapped { return bytes[12] == 127 }
        return bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// The address in the form that core takes for connecting.
    var target: String {
        switch self {
        case .unix(let path): "unix:\(path.percentEncoded)"
        // A numeric address needs no resolver, which costs a thread and its timeouts.
        case .tcp(let host, let port) where host.isAddress(of: AF_INET): "ipv4:\(host):\(port)"
        case .tcp(let host, let port) where host.isAddress(of: AF_INET6):
            "ipv6:%5B\(host)%5D:\(port)"
        case .tcp(let host, let port): "dns:\(host.percentEncoded):\(port)"
        }
    }

    /// The address in the form that core takes for listening.
    var listeningTarget: String {
        switch self {
        case .unix: target
        case .tcp: description
        }
    }

    /// The reason why core cannot use the address, or nil if it can.
    var problem: String? {
        switch self {
        case .unix(""): "the path of the socket is empty"
        case .unix(let path) where path.utf8.count > 107:
            "'\(path)' is \(path.utf8.count) bytes long; a socket's path may have 107"
        case .unix(let path) where path.utf8.contains(0): "the path of the socket contains NUL"
        case .tcp(_, let port) where !(0...65535).contains(port): "\(port) is not a port"
        case .unix, .tcp: nil
        }
    }
}

extension Address: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let host, let port) where host.contains(":"): "[\(host)]:\(port)"
        case .tcp(let host, let port): "\(host):\(port)"
        }
    }
}

extension String {
    /// The text with all characters escaped that are not allowed in the path of a URI (RFC 3986).
    fileprivate var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += byte < 16 ? "%0" : "%"
                encoded += String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    fileprivate func isAddress(of family: Int32) -> Bool {
        var address = in6_addr()
        return inet_pton(family, self, &address) == 1
    }
}
