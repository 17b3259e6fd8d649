import COpenSSL

/// A certificate that could not be made or read.
package struct CertificateError: Error, Equatable {
    /// The reason, worded to follow "cannot use the certificate: ".
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }

    /// Returns an error for an OpenSSL call that failed, with the reason that OpenSSL recorded.
    static func failed(to action: String) -> CertificateError {
        let code = ERR_peek_last_error()
        // OpenSSL queues errors per thread; the next failure must not report this one.
        defer { ERR_clear_error() }
        guard code != 0, let reason = ERR_reason_error_string(code) else {
            return CertificateError("cannot \(action)")
        }
        return CertificateError("cannot \(action): \(String(cString: reason))")
    }
}

extension CertificateError: CustomStringConvertible {
    package var description: String { reason }
}
