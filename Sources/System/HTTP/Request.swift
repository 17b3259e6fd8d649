/// What is asked of a server.
package struct Request: Sendable {
    package var method: String
    package var url: URL
    package var headers: Headers
    package var body: [UInt8]

    /// The longest time to be connected, names looked up and certificates shown.
    package var connectTimeout = Duration.seconds(30)

    /// The longest silence of the server: before its answer, and within it. Time in which
    /// nobody reads the answer does not count.
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
