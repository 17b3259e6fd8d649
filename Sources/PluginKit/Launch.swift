/// What the host asks for in the environment of a plugin that it starts.
struct Launch: Equatable {
    /// The version of Hector's own protocol to speak.
    let version: Int

    /// Where sockets go.
    let folder: String

    /// Who else may connect, by name or number.
    let group: String?

    /// The host's certificate, PEM, if the connection shall be protected.
    let clientCertificate: String?

    /// Whether the host would like to put several connections into one, which is not done here.
    let asksForMultiplexing: Bool

    /// - Returns: nil if it was not a host of Hector plugins that started this process.
    init?(environment: (String) -> String?) {
        // Not a secret: it keeps people from running plugins by hand.
        guard environment("HECTOR_PLUGIN") == "hector_plugin_v1" else { return nil }
        func value(_ name: String) -> String? {
            environment(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        version = Self.version(offered: value("PLUGIN_PROTOCOL_VERSIONS"), supported: [1])
        folder = value("PLUGIN_UNIX_SOCKET_DIR") ?? value("TMPDIR") ?? "/tmp"
        group = value("PLUGIN_UNIX_SOCKET_GROUP")
        clientCertificate = value("PLUGIN_CLIENT_CERT")
        asksForMultiplexing = value("PLUGIN_MULTIPLEX_GRPC") != nil
    }

    /// The highest version both sides have; if there is none, the lowest of ours, so that the
    /// host can tell its user what does not fit.
    static func version(offered: String?, supported: [Int]) -> Int {
        let offered = (offered ?? "").split(separator: ",").compactMap { Int($0) }
        return supported.filter(offered.contains).max() ?? supported.min() ?? 1
    }

    /// A new path for a socket in the folder the host wants, or in /tmp if the path would be
    /// longer than a socket's may be.
    func socketPath(number: UInt32) -> String {
        let name = "plugin\(number)"
        let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
        return path.utf8.count <= Self.longestSocketPath ? path : "/tmp/\(name)"
    }

    /// sockaddr_un has 108 bytes, one of them for a NUL: unix(7).
    static let longestSocketPath = 107

    /// The one line that tells the host where to connect, with its newline.
    ///
    /// - Parameter certificate: Base64 of the plugin's own, or empty.
    func handshake(socket: String, certificate: String) -> String {
        let line = "1|\(version)|unix|\(socket)|grpc|\(certificate)"
        return asksForMultiplexing ? line + "|false\n" : line + "\n"
    }

    static let notAHost = """
        This binary is a plugin. These are not meant to be executed directly.
        Please execute the program that consumes these plugins, which will
        load any plugins automatically.

        """
}
