import Foundation
import GRPC
import OpenSSL
import TestSupport
import Testing

@testable import PluginHost

/// Handshakes that promise a different kind of connection from the real one. A shell script prints
/// them, and they lead to a server in this process.
@Suite(.timeLimit(.minutes(10))) struct TransportTests {
    private let directory: TemporaryFolder
    private let socket: String

    init() throws {
        directory = try TemporaryFolder()
        socket = directory.path + "/socket"
    }

    @Test func `plain text behind a certificate is said`() async throws {
        let field = try Certificate(pem: Identity().certificate).handshakeField
        let error = try await start(field, mutualTLS: true, server: .insecure)
        #expect(
            error?.message.hasPrefix(
                "plugin 'it' does not speak TLS, though its handshake has a certificate; to do "
                    + "without TLS, set 'mtls: false' in its entry of hector.yaml, or give "
                    + "'hector plugin' --no-mtls") == true, "\(error?.message ?? "no error")")
    }

    @Test func `another certificate than the one in the handshake is said`() async throws {
        let field = try Certificate(pem: Identity().certificate).handshakeField
        let error = try await start(field, mutualTLS: true, server: try security())
        #expect(
            error?.message.contains("shows another certificate than the one in its handshake")
                == true, "\(error?.message ?? "no error")")
    }

    /// In this test gRPC core hangs up without an alert, as old versions of grpc-go do.
    @Test func `a server that trusts another host is said`() async throws {
        let identity = try Identity()
        let field = try Certificate(pem: identity.certificate).handshakeField
        let error = try await start(
            field, mutualTLS: true, server: try security(identity), longest: .seconds(10))
        #expect(
            error?.message.contains("PLUGIN_CLIENT_CERT") == true,
            "\(error?.message ?? "no error")")
    }

    @Test func `TLS that was not requested is reported`() async throws {
        let error = try await start("", mutualTLS: nil, server: try security())
        #expect(
            error?.message.contains("speaks TLS, which was not asked for") == true,
            "\(error?.message ?? "no error")")
    }

    @Test(arguments: [
        ("20200101000000Z", "20210101000000Z", "localhost", "-alpn h2", "that expired at Jan  1 "),
        ("20400101000000Z", "20410101000000Z", "localhost", "-alpn h2", "is not valid before Jan"),
        ("20200101000000Z", "20410101000000Z", "other", "-alpn h2", "not for the name 'localhost'"),
        ("20200101000000Z", "20410101000000Z", "localhost", "", "without HTTP/2: it has to offer"),
    ])
    func `what openssl serves is looked at`(
        begin: String, end: String, name: String, alpn: String, message: String
    ) async throws {
        let path = try directory.script(
            """
            cd '\(directory.path)'
            cat > ca.conf <<END
            [ca]
            default_ca = d
            [d]
            database = index
            serial = serial
            new_certs_dir = .
            default_md = sha256
            policy = p
            x509_extensions = e
            [p]
            commonName = supplied
            [e]
            subjectAltName = DNS:\(name)
            END
            : > index
            echo 01 > serial
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out csr \
                -subj /CN=\(name)
            openssl ca -batch -config ca.conf -selfsign -keyfile key -in csr -out pem -notext \
                -startdate \(begin) -enddate \(end)
            cert=$(openssl x509 -in pem -outform der | base64 -w 0 | tr -d =)
            # It ends at the end of its input.
            sleep 1000 | openssl s_server -cert pem -key key -accept 127.0.0.1:0 \(alpn) > log &
            until port=$(sed -n 's/^ACCEPT 127.0.0.1:\\([0-9]*\\).*/\\1/p' log | grep .); do
                sleep 0.1
            done
            echo "1|1|tcp|127.0.0.1:$port|grpc|$cert"
            wait
            """)
        let error = await Self.start(path, mutualTLS: true)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    // MARK: Plugins

    /// The TLS of a server that trusts only itself.
    private func security(_ identity: Identity? = nil) throws -> Security {
        let identity = try identity ?? Identity()
        return .mutualTLS(
            trusted: identity.certificate, certificate: identity.certificate,
            privateKey: identity.privateKey, serverName: "localhost")
    }

    private func start(
        _ field: String, mutualTLS: Bool?, server: Security, longest: Duration = .seconds(60)
    ) async throws -> PluginError? {
        let path = try directory.script("echo '1|1|unix|\(socket)|grpc|\(field)'; exec sleep 1000")
        let handlers = [Handler.unary("/grpc.health.v1.Health/Check") { _, _ in [8, 1] }]
        return try await withCompletionQueue { [socket] queue in
            try await withServer(
                on: .unix(socket), security: server, handlers: handlers, queue: queue
            ) { _ in
                await Self.start(path, mutualTLS: mutualTLS, longest: longest)
            }
        }
    }

    private static func start(
        _ path: String, mutualTLS: Bool?, longest: Duration = .seconds(60)
    ) async -> PluginError? {
        await PluginHostTests.start(
            path,
            change: {
                $0.mutualTLS = mutualTLS
                $0.limits.health = longest
            })
    }
}
