import CTLS
import Glibc

/// A TLS handshake with a server, made to find out why the handshake of another library fails: for
/// most failures gRPC core only reports that there is no connection.
package struct TLSProbe {
    /// The expected identities of the two sides. All are PEM texts except the last.
    package struct Parties: Sendable {
        let trusted, certificate, privateKey, serverName: String

        /// - Parameters:
        ///   - trusted: The certificate accepted as the server's or as its signer.
        ///   - certificate: The certificate of this side.
        ///   - serverName: The name that the server's certificate must have.
        package init(
            trusted: String, certificate: String, privateKey: String, serverName: String
        ) {
            self.trusted = trusted
            self.certificate = certificate
            self.privateKey = privateKey
            self.serverName = serverName
        }
    }

    /// The outcome of the handshake.
    package enum Finding: Equatable, Sendable {
        /// Both sides agree, and HTTP/2 follows.
        case works
        /// Something came back that is not TLS.
        case plainText
        /// Nothing came back in time.
        case silent
        /// The server hung up without saying why.
        case closed
        /// The server hung up after the handshake was complete for this side, as a server does that
        /// refuses this side's certificate.
        case closedAfterwards
        /// The server's certificate is neither the trusted one nor signed by it; OpenSSL's words.
        case untrusted(String)
        /// The server's certificate expired at that time.
        case expired(String)
        /// The server's certificate is valid only from that time on.
        case notYetValid(String)
        /// The server's certificate is for another name.
        case wrongName
        /// The server refuses this side's certificate, or requires one; the alert it sent.
        case refusesCertificate(String)
        /// The two sides do not share a version or algorithm; the alert or OpenSSL's words.
        case nothingInCommon(String)
        /// TLS without HTTP/2: the server did not choose `h2`.
        case withoutHTTP2
        /// Anything else, in OpenSSL's words.
        case failed(String)
    }

    /// Makes the handshake on this thread. SIGPIPE stays blocked for the thread afterwards.
    ///
    /// - Parameters:
    ///   - descriptor: The descriptor of a connected socket. It is closed at the end.
    ///   - parties: Nil to find out only whether the server speaks TLS, whatever its certificate
    ///     is.
    ///   - longestWait: The longest time to wait for each answer, in seconds.
    package static func run(
        takingOwnershipOf descriptor: Int32, parties: Parties?, longestWait: Int
    ) -> Finding {
        defer { close(descriptor) }
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
        var limit = timeval(tv_sec: longestWait, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else { return .failed(lastWords()) }
        defer { SSL_CTX_free(context) }
        if let parties, !use(parties, in: context) { return .failed(lastWords()) }
        guard let session = SSL_new(context) else { return .failed(lastWords()) }
        defer { SSL_free(session) }
        if let parties {
            // The handshake goes on whatever is wrong, so that the certificate can be examined.
            SSL_set_verify(session, SSL_VERIFY_PEER) { _, _ in 1 }
            SSL_set1_host(session, parties.serverName)
            hector_set_server_name(session, parties.serverName)
        }
        let protocols: [UInt8] = [2, UInt8(ascii: "h"), UInt8(ascii: "2")]
        SSL_set_alpn_protos(session, protocols, UInt32(protocols.count))
        SSL_set_fd(session, descriptor)

        forgetErrors()
        let result = SSL_connect(session)
        guard result == 1 else { return failure(session, result) }
        if let problem = certificateProblem(session) { return problem }
        var chosen: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(session, &chosen, &length)
        if length == 0 { return .withoutHTTP2 }
        let finding = exchange(session)
        return finding == .closed ? .closedAfterwards : finding
    }

    private static func use(_ parties: Parties, in context: OpaquePointer) -> Bool {
        func read<R>(_ text: String, _ body: (OpaquePointer) -> R?) -> R? {
            let bytes = Array(text.utf8)
            guard let bio = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { return nil }
            defer { BIO_free(bio) }
            return body(bio)
        }
        guard let trusted = read(parties.trusted, { PEM_read_bio_X509($0, nil, nil, nil) }) else {
            return false
        }
        defer { X509_free(trusted) }
        guard
            let certificate = read(parties.certificate, { PEM_read_bio_X509($0, nil, nil, nil) })
        else { return false }
        defer { X509_free(certificate) }
        guard
            let key = read(parties.privateKey, { PEM_read_bio_PrivateKey($0, nil, nil, nil) })
        else { return false }
        defer { EVP_PKEY_free(key) }
        return X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted) == 1
            && SSL_CTX_use_certificate(context, certificate) == 1
            && SSL_CTX_use_PrivateKey(context, key) == 1
    }

    private static func certificateProblem(_ session: OpaquePointer) -> Finding? {
        let code = Int32(truncatingIfNeeded: SSL_get_verify_result(session))
        if code == X509_V_OK { return nil }
        guard let certificate = SSL_get1_peer_certificate(session) else { return .plainText }
        defer { X509_free(certificate) }
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: return .expired(date(X509_get0_notAfter(certificate)))
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return .notYetValid(date(X509_get0_notBefore(certificate)))
        case X509_V_ERR_HOSTNAME_MISMATCH: return .wrongName
        default: return .untrusted(String(cString: X509_verify_cert_error_string(Int(code))))
        }
    }

    private static func date(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        ASN1_TIME_print(bio, time)
        var bytes: UnsafeMutablePointer<CChar>?
        let count = hector_tls_bio_contents(bio, &bytes)
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Begins HTTP/2. With TLS 1.3 a server checks the client's certificate only after the
    /// handshake is complete for the client.
    private static func exchange(_ session: OpaquePointer) -> Finding {
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
        forgetErrors()
        let written = SSL_write(session, preface, Int32(preface.count))
        guard written > 0 else { return failure(session, written) }
        var byte: UInt8 = 0
        forgetErrors()
        let read = SSL_read(session, &byte, 1)
        return read == 1 ? .works : failure(session, read)
    }

    /// Prepares for a call whose failure is looked at. SSL_get_error(3) needs an empty queue, and reading
    /// PEM or the server's certificate leaves errors in it at times although it succeeds.
    private static func forgetErrors() {
        errno = 0
        ERR_clear_error()
    }

    /// The lowest of OpenSSL's reasons that stand for alerts.
    private static let firstAlert: Int32 = 1000

    private static func failure(_ session: OpaquePointer, _ result: Int32) -> Finding {
        let kind = SSL_get_error(session, result)
        let code = errno
        switch kind {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .silent
        case SSL_ERROR_ZERO_RETURN: return .closed
        case SSL_ERROR_SYSCALL:
            return code == EAGAIN ? .silent : .closed
        default: break
        }
        let error = ERR_peek_last_error()
        // Such an error may be left from within the call, which the lost connection has ended.
        if ERR_GET_LIB(error) != ERR_LIB_SSL, code == ECONNRESET || code == EPIPE { return .closed }
        let reason = ERR_GET_REASON(error)
        let words = lastWords()
        switch reason {
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: return .closed
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_BAD_RECORD_TYPE,
            SSL_R_HTTP_REQUEST:
            return .plainText
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_NO_SHARED_CIPHER:
            return .nothingInCommon(words)
        default: break
        }
        switch reason - firstAlert {
        // bad_certificate, unsupported_, revoked, expired, unknown; unknown_ca; access_denied;
        // certificate_required.
        case 42, 43, 44, 45, 46, 48, 49, 116: return .refusesCertificate(words)
        // handshake_failure, protocol_version, insufficient_security.
        case 40, 70, 71: return .nothingInCommon(words)
        case 120: return .withoutHTTP2
        default: return .failed(words)
        }
    }

    private static func lastWords() -> String {
        let code = ERR_peek_last_error()
        defer { ERR_clear_error() }
        guard code != 0, let reason = ERR_reason_error_string(code) else {
            return "no reason given"
        }
        return String(cString: reason)
    }
}
