/// The requests of the host in the environment of a plugin that it starts.
struct Launch: Equatable {
    /// The version of Hector's own protocol to speak.
    let version: Int

    /// The folder for sockets.
    let folder: String

    /// The group that may also connect, by name or number.
    let group: String?

    /// The host's certificate in PEM, if the connection is to be protected.
    let clientCertificate: String?

    /// True if the host would like to multiplex connections, which is not supported here.
    let asksForMultiplexing: Bool

    /// - Returns: Nil if this process was not started by a host of Hector plugins.
    init?(environment: (String) -> String?) {
        // This is not a secret. It keeps users from running plugins by hand.
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

    /// Returns the highest version that both sides have; if there is none, the lowest of ours, so
    /// that the host can report the mismatch to its user.
    static func version(offered: String?, supported: [Int]) -> Int {
        let offered = (offered ?? "").split(separator: ",").compactMap { Int($0) }
        return supported.filter(offered.contains).max() ?? supported.min() ?? 1
    }

    /// Returns a new path for a socket in the folder that the host wants, or in /tmp if that path
    /// would be too long for a socket.
    func socketPath(number: UInt32) -> String {
        let name = "plugin\(number)"
        let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
        return path.utf8.count <= Self.longestSocketPath ? path : "/tmp/\(name)"
    }

    /// sockaddr_un has 108 bytes, one of them for a NUL: unix(7).
    static let longestSocketPath = 107

    /// Returns the line that gives the host the address of the plugin, with its newline.
    ///
    /// - Parameter certificate: The plugin's own certificate in Base64, or empty.
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
