internal import OpenSSL
internal import Unix

/// The environment variables of a plugin and the folder for its socket.
struct LaunchEnvironment: Sendable {
    let specification: Specification

    private var name: String { specification.name }

    /// The longest path of a directory for sockets, in bytes. The library for Go adds `/plugin` and
    /// up to ten digits; other libraries use longer names.
    private static let longestDirectory = 70
    /// The beginning of the names of the folders for sockets.
    static let directoryPrefix = "hector"

    func makeSocketDirectory() throws(PluginError) -> PrivateDirectory {
        let environment = specification.environment
        // A shared socket is created beside its public path, so that it can be linked there.
        let parents =
            specification.served.map { [Path.parent(of: $0.path)] }
            ?? [environment["TMPDIR"], environment["XDG_RUNTIME_DIR"], "/tmp"].compactMap { $0 }
        PrivateDirectory.sweep(Self.directoryPrefix, in: parents)
        do {
            return try PrivateDirectory.make(
                Self.directoryPrefix, in: parents, longest: Self.longestDirectory)
        } catch {
            throw PluginError(
                .unavailable, "cannot start plugin '\(name)': no place for its socket: \(error)")
        }
    }

    /// - Parameter isLocked: True if the plugin's folder has to stay as it is.
    /// - Returns: The entries as `NAME=value`.
    func variables(
        _ directory: PrivateDirectory, _ identity: Identity?, isLocked: Bool
    ) -> [String] {
        // A host that is itself a plugin must not pass on the variables of its own host.
        var environment = specification.environment.filter { !$0.key.hasPrefix("PLUGIN_") }
        environment["HECTOR_PLUGIN"] = "hector_plugin_v1"
        environment["PLUGIN_MIN_PORT"] = "10000"
        environment["PLUGIN_MAX_PORT"] = "25000"
        environment["PLUGIN_PROTOCOL_VERSIONS"] = "\(Handshake.version)"
        environment["PLUGIN_UNIX_SOCKET_DIR"] = directory.path
        environment["PLUGIN_CLIENT_CERT"] = identity?.certificate
        // Python would write what it has compiled beside its sources.
        if isLocked { environment["PYTHONDONTWRITEBYTECODE"] = "1" }
        // Before version 1.6, go-plugin always created sockets in TMPDIR, and a plugin did not
        // start if their path was too long.
        if let folder = environment["TMPDIR"], folder.utf8.count > Self.longestDirectory {
            environment["TMPDIR"] = directory.parent
        }
        // A confined plugin gets room for temporary files that is its own.
        let temporary = environment["TMPDIR"] ?? "/tmp"
        if let confinement = specification.confinement,
            !confinement.writable.contains(where: { Path.isInside(temporary, $0) })
        {
            environment["TMPDIR"] = directory.path
        }
        return environment.map { "\($0.key)=\($0.value)" }
    }
}
