internal import GRPC
internal import Unix

/// The connection to a plugin that another process has started: only one of this user or root gets
/// anything, and over a network none does.
struct RunningPlugin: Sendable {
    let name: String
    let address: Address

    /// Connects to the plugin.
    ///
    /// In a folder where others could put another socket, the connection is one whose other end has
    /// been looked at, and it is not made again. In a folder of the user's own, core makes it, and
    /// makes it again when the plugin comes back.
    ///
    /// - Returns: Also true if the other end has been looked at, and false if no process listens yet.
    func channel(
        _ queue: CompletionQueue
    ) throws(PluginError) -> (channel: Channel, isVerified: Bool) {
        guard case .unix(let path) = address else {
            try verifyReach()
            return (Channel(to: address, queue: queue), true)
        }
        let socket = OwnSocket(path)
        do throws(OwnSocket.Danger) {
            if socket.isInPrivateFolder {
                let isVerified = try socket.check()
                return (Channel(to: address, queue: queue), isVerified)
            }
            if let descriptor = try socket.connect() {
                return (Channel(takingOwnershipOf: descriptor, queue: queue), true)
            }
        } catch {
            throw PluginError(.notPermitted, "\(error)")
        }
        let reason = connectionProblem(at: path)?.reason ?? "the connection was lost"
        throw PluginError(.unavailable, "no plugin answers at \(address): \(reason)")
    }

    /// Looks at the other end of a plugin that has begun to listen.
    func verifyPeer() throws(PluginError) {
        guard case .unix(let path) = address else { return }
        do throws(OwnSocket.Danger) { try OwnSocket(path).check() } catch {
            throw PluginError(.notPermitted, "\(error)")
        }
    }

    private func verifyReach() throws(PluginError) {
        // Connecting to no address in particular leads to this machine.
        if address.isLoopback || address.isUnspecified { return }
        throw PluginError(
            .notPermitted,
            "'\(address)' is not on this machine, and a plugin that runs elsewhere needs mutual TLS, "
                + "which --socket does not have: forward a local port or socket to it, as with "
                + "'ssh -L'")
    }
}
