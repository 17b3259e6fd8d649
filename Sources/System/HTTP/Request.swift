/// A request to a server.
package struct Request: Sendable {
    package var method: String
    package var url: URL
    package var headers: Headers
    package var body: [UInt8]

    /// The longest time for connecting, including the name lookup and the TLS handshake.
    package var connectTimeout = Duration.seconds(30)

    /// The longest time that the server may be silent, before its answer and within it. Time in
    /// which the caller does not read the answer does not count.
    package var silence: Duration

    package init(
        _ method: String, _ url: URL, headers: Headers = Headers(), body: [UInt8] = [],
        silence: Duration = .seconds(600)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.silence = silence
    }
}
