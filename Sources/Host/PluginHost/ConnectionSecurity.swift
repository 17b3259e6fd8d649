internal import GRPC
internal import OpenSSL

/// The rules for access to a plugin, and the certificates that enforce them.
struct ConnectionSecurity: Sendable {
    let specification: Specification

    private var name: String { specification.name }

    /// Returns a new certificate for this host; nil without mTLS.
    func makeIdentity() throws(PluginError) -> Identity? {
        guard specification.mutualTLS == true else { return nil }
        do { return try Identity() } catch {
            throw PluginError(
                .unavailable, "cannot make a certificate for plugin '\(name)': \(error)")
        }
    }

    func security(
        _ handshake: Handshake, _ identity: Identity?
    ) throws(PluginError) -> Security {
        switch (identity, handshake.certificate) {
        case (let identity?, let certificate?):
            return .mutualTLS(
                trusted: certificate, certificate: identity.certificate,
                privateKey: identity.privateKey, serverName: "localhost")
        case (_?, nil):
            throw PluginError(
                .unavailable,
                "plugin '\(name)' sent no certificate, but mTLS was asked for; if it cannot speak "
                    + "it, \(TransportCheck.doWithoutTLS)")
        case (nil, _?):
            throw PluginError(
                .unavailable,
                "plugin '\(name)' sent a certificate, but mTLS was not asked for; set 'mtls: true' "
                    + "in its entry of hector.yaml, or give 'hector plugin' --mtls")
        case (nil, nil):
            if case .tcp = handshake.address, specification.mutualTLS == nil {
                throw PluginError(
                    .unavailable,
                    "plugin '\(name)' listens on TCP without mTLS, where every user of this machine "
                        + "can reach it; set 'mtls: true' in its entry of hector.yaml, or 'mtls: "
                        + "false' to accept that; 'hector plugin' has --mtls and --no-mtls")
            }
            return .insecure
        }
    }

    /// Refuses an address that other machines can reach, unless both sides show certificates; and in
    /// any case all addresses at once.
    func verifyReach(_ address: Address, _ handshake: Handshake) throws(PluginError) {
        if address.isLoopback { return }
        let isProtected = specification.mutualTLS == true && handshake.certificate != nil
        if isProtected, !address.isUnspecified { return }
        throw PluginError(
            .notPermitted,
            "plugin '\(name)' listens at \(address), where other machines can reach it; "
                + "it has to listen on a Unix socket, or on 127.0.0.1"
                + (address.isUnspecified ? "" : ", or needs 'mtls: true' in its entry"))
    }
}
