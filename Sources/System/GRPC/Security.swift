import CGRPC

/// The protection of a connection.
package enum Security: Sendable {
    case insecure

    /// TLS in which each side shows a certificate. All are PEM texts except the last.
    ///
    /// - Parameters:
    ///   - trusted: The certificates accepted as the other side's or as its signer.
    ///   - serverName: The name that the server's certificate must have. A server does not use it.
    case mutualTLS(trusted: String, certificate: String, privateKey: String, serverName: String)

    /// Makes credentials, which the caller releases.
    func makeChannelCredentials() -> OpaquePointer? {
        switch self {
        case .insecure: grpc_insecure_credentials_create()
        case .mutualTLS(let trusted, let certificate, let privateKey, _):
            withKeyPair(certificate, privateKey) { pair in
                grpc_ssl_credentials_create_ex(trusted, pair, nil, nil)
            }
        }
    }

    /// Makes credentials, which the caller releases.
    func makeServerCredentials() -> OpaquePointer? {
        switch self {
        case .insecure: grpc_insecure_server_credentials_create()
        case .mutualTLS(let trusted, let certificate, let privateKey, _):
            withKeyPair(certificate, privateKey) { pair in
                grpc_ssl_server_credentials_create_ex(
                    trusted, pair, 1,
                    GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, nil)
            }
        }
    }

    private func withKeyPair<R>(
        _ certificate: String, _ privateKey: String,
        _ body: (UnsafeMutablePointer<grpc_ssl_pem_key_cert_pair>) -> R
    ) -> R {
        certificate.withCString { certificate in
            privateKey.withCString { privateKey in
                var pair = grpc_ssl_pem_key_cert_pair(
                    private_key: privateKey, cert_chain: certificate)
                return body(&pair)
            }
        }
    }
}
