import CGRPC

/// How a connection is protected.
package enum Security: Sendable {
    case insecure

    /// TLS in which each side shows a certificate. All four are PEM texts but the last.
    ///
    /// - Parameters:
    ///   - trusted: The certificates that may have signed, or may be, the other side's.
    ///   - serverName: The name the server's certificate must bear. A server does not use it.
    case mutualTLS(trusted: String, certificate: String, privateKey: String, serverName: String)

    /// The caller releases the credentials.
    func makeChannelCredentials() -> OpaquePointer? {
        switch self {
        case .insecure: grpc_insecure_credentials_create()
        case .mutualTLS(let trusted, let certificate, let privateKey, _):
            withKeyPair(certificate, privateKey) { pair in
                grpc_ssl_credentials_create_ex(trusted, pair, nil, nil)
            }
        }
    }

    /// The caller releases the credentials.
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
