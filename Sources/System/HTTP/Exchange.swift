import CCurl

/// The part of a transfer that libcurl works with. It belongs to the loop's thread.
final class Exchange {
    let transfer: Transfer

    /// The easy handle. It is freed with this object and must not be in a multi handle by then.
    let easy: UnsafeMutableRawPointer

    private let headers: UnsafeMutablePointer<curl_slist>?

    /// The text that libcurl adds to its error code. libcurl keeps the address.
    private let details: UnsafeMutablePointer<CChar>

    private var head = HeadReader()
    private var lastWord = ContinuousClock.now

    /// True if the server is kept waiting. Its time limit starts again when libcurl is resumed, not
    /// when the reader makes room.
    private var isPaused = false

    init(_ transfer: Transfer) {
        self.transfer = transfer
        easy = curl_easy_init()!
        details = .allocate(capacity: Int(CURL_ERROR_SIZE))
        details.pointee = 0
        var headers: UnsafeMutablePointer<curl_slist>?
        for field in transfer.request.headers.fields {
            // libcurl writes an empty field with a semicolon.
            let line = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
            headers = curl_slist_append(headers, line)
        }
        // Servers of models do not answer with 100, and waiting for it costs a second.
        headers = curl_slist_append(headers, "Expect:")
        self.headers = headers
        configure(transfer.request)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        details.deallocate()
    }

    private func configure(_ request: Request) {
        hector_curl_set_string(easy, CURLOPT_URL, request.url.text)
        hector_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        if !request.body.isEmpty || request.method == "POST" {
            hector_curl_set_size(
                easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            hector_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, request.body)
        }
        hector_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
        hector_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        hector_curl_set_string(easy, CURLOPT_USERAGENT, "hector")
        hector_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        hector_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Many requests to a server that speaks HTTP/2 share the connection that the first opens.
        // Without TLS there is no HTTP/2, but libcurl would make them wait all the same.
        if request.url.text.hasPrefix("https:") { hector_curl_set_long(easy, CURLOPT_PIPEWAIT, 1) }
        hector_curl_set_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout / .milliseconds(1)))
        hector_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, details)
        Trust.fromEnvironment.apply(to: easy)
        if ProxyExemptions.fromEnvironment.contains(request.url) {
            hector_curl_set_string(easy, CURLOPT_NOPROXY, "*")
        }

        let context = Unmanaged.passUnretained(self).toOpaque()
        hector_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        hector_curl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
            Exchange.of(context).receive(line: Exchange.bytes(bytes, count))
            return count
        }
        hector_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        hector_curl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
            let isTaken = Exchange.of(context).receive(Exchange.bytes(bytes, count))
            return isTaken ? count : Int(CURL_WRITEFUNC_PAUSE)
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Exchange {
        Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
    }

    private static func bytes(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: count)
    }

    private func receive(line: UnsafeBufferPointer<UInt8>) {
        lastWord = .now
        if let head = head.receive(line: line) { transfer.receive(head) }
    }

    private func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        lastWord = .now
        isPaused = !transfer.receive(bytes)
        return !isPaused
    }

    /// Lets libcurl deliver the bytes that had to wait.
    func resume() {
        lastWord = .now
        isPaused = false
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// The time when the server will have been silent for too long; nil while it is kept waiting.
    var deadline: ContinuousClock.Instant? {
        isPaused ? nil : lastWord + transfer.request.silence
    }

    var silence: HTTPError {
        HTTPError(
            .silent,
            "'\(transfer.origin)' said nothing for \(seconds(transfer.request.silence)) seconds")
    }

    /// - Parameter code: The result with which libcurl ended the transfer.
    func failure(_ code: CURLcode) -> HTTPError? {
        if code == CURLE_OK { return nil }
        let said = String(cString: details)
        let reason = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        let origin = transfer.origin
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_OPERATION_TIMEDOUT, CURLE_PROXY, CURLE_SSL_CONNECT_ERROR:
            HTTPError(.unreachable, "cannot reach '\(origin)': \(reason)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_ISSUER_ERROR:
            HTTPError(.untrusted, "cannot trust '\(origin)': \(reason)")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            HTTPError(.invalid, "cannot send to '\(origin)': \(reason)")
        default:
            HTTPError(.interrupted, "lost the connection to '\(origin)': \(reason)")
        }
    }
}

/// Formats a number of seconds, without decimals if it is whole.
private func seconds(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
}
