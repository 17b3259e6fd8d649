import Foundation
import TestSupport

@testable import GRPC

/// A self-signed certificate for `localhost` and its key, both PEM.
struct Certificate {
    let certificate: String
    let key: String

    /// - Parameter curve: A name from `openssl ecparam -list_curves`.
    init(curve: String = "prime256v1") async throws {
        (certificate, key) = try await withTemporaryFolder { directory in
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            openssl.arguments = [
                "openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec",
                "-pkeyopt", "ec_paramgen_curve:\(curve)", "-subj", "/O=Test/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost",
                "-keyout", "\(directory)/key", "-out", "\(directory)/certificate",
            ]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            return (
                try String(contentsOfFile: "\(directory)/certificate", encoding: .utf8),
                try String(contentsOfFile: "\(directory)/key", encoding: .utf8)
            )
        }
    }

    /// Returns TLS that shows this certificate and trusts a peer that shows `other`.
    func trusting(_ other: Certificate, serverName: String = "localhost") -> Security {
        .mutualTLS(
            trusted: other.certificate, certificate: certificate, privateKey: key,
            serverName: serverName)
    }
}
