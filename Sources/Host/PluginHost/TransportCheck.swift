internal import GRPC
internal import TLS
internal import Unix
internal import Waiting

/// A check of a connection that cannot be made and that core does not explain: it finds out whether
/// both sides speak TLS, and in the same way.
struct TransportCheck: Sendable {
    let address: Address
    let security: Security

    /// A problem of the connection.
    struct Problem: Sendable {
        /// The description, worded to follow the plugin's name.
        let description: String

        /// False if waiting may still help.
        let isLasting: Bool
    }

    /// The longest time to wait for each answer, in seconds.
    private static let longestWait = 2

    /// - Returns: Nil if no problem is found with TLS, and if the task is cancelled.
    func problem() async -> Problem? {
        let (address, parties) = (address, parties)
        let latch = Latch<TLSProbe.Finding?>.onThread {
            let descriptor: Int32
            do throws(SystemError) {
                descriptor =
                    switch address {
                    case .unix(let path): try connect(toSocket: path)
                    case .tcp(let host, let port): try connect(toHost: host, port: port)
                    }
            } catch {
                return nil
            }
            return TLSProbe.run(
                takingOwnershipOf: descriptor, parties: parties, longestWait: Self.longestWait)
        }
        guard let finding = await latch.wait() ?? nil else { return nil }
        return parties == nil ? problemInPlainText(finding) : problem(finding)
    }

    /// The two sides of TLS; nil if it was not requested.
    private var parties: TLSProbe.Parties? {
        guard case .mutualTLS(let trusted, let certificate, let privateKey, let name) = security
        else { return nil }
        return TLSProbe.Parties(
            trusted: trusted, certificate: certificate, privateKey: privateKey, serverName: name)
    }

    private func problemInPlainText(_ finding: TLSProbe.Finding) -> Problem? {
        switch finding {
        case .plainText, .silent, .closed: return nil
        default:
            return Problem(
                description: "speaks TLS, which was not asked for and which its handshake says "
                    + "nothing of; it has to speak TLS only where PLUGIN_CLIENT_CERT is set",
                isLasting: true)
        }
    }

    private func problem(_ finding: TLSProbe.Finding) -> Problem? {
        let problem: String
        switch finding {
        case .works, .silent: return nil
        // This may improve soon, as the server does not give a reason.
        case .closed:
            return Problem(
                description: "hangs up during the TLS handshake without saying why" + Self.wayOut,
                isLasting: false)
        case .closedAfterwards:
            return Problem(
                description: "hangs up after the TLS handshake, as one does that does not trust "
                    + "this host's certificate, which it gets in PLUGIN_CLIENT_CERT" + Self.wayOut,
                isLasting: false)
        case .plainText:
            problem = "does not speak TLS, though its handshake has a certificate"
        case .untrusted(let words):
            problem =
                "shows another certificate than the one in its handshake, and none that this one "
                + "has signed (\(words))"
        case .expired(let date):
            problem = "has a certificate that expired at \(date); it has to make one at each start"
        case .notYetValid(let date):
            problem = "has a certificate that is not valid before \(date); is a clock wrong?"
        case .wrongName:
            problem = "has a certificate that is not for the name 'localhost'"
        case .refusesCertificate(let words):
            problem =
                "refuses this host's certificate, which it gets in PLUGIN_CLIENT_CERT and has to "
                + "trust (\(words))"
        case .nothingInCommon(let words):
            problem = "has no version or algorithm of TLS in common with this host (\(words))"
        case .withoutHTTP2:
            problem = "speaks TLS without HTTP/2: it has to offer 'h2' by ALPN"
        case .failed(let words):
            problem = "fails in the TLS handshake (\(words))"
        }
        return Problem(description: problem + Self.wayOut, isLasting: true)
    }

    private static let wayOut = "; to do without TLS, \(doWithoutTLS)"

    /// The advice to the user at the end of a message.
    static let doWithoutTLS =
        "set 'mtls: false' in its entry of hector.yaml, or give 'hector plugin' --no-mtls"
}
