/// Sends requests, as many at a time as are wanted, over connections that are used again.
///
/// Proxies are what `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say; who is trusted,
/// `CURL_CA_BUNDLE`, `SSL_CERT_FILE` and `SSL_CERT_DIR`. The connections close with the client.
package final class Client: Sendable {
    private let loop = Loop()

    package init() {}

    deinit { loop.close() }

    /// Sends a request and runs `body` with the answer. What `body` leaves unread is given up.
    ///
    /// Where the server says that the same request belongs to another of its own addresses, it
    /// is sent there. Redirections to other servers are answers like any other: the headers are
    /// not meant for those. Cancelling the task gives the request up.
    ///
    /// - Throws: What `body` throws, and ``HTTPError``.
    package func withResponse<R>(
        to request: Request, _ body: (Response) async throws -> R
    ) async throws -> R {
        var request = request
        for _ in 0..<Self.mostRedirects {
            let transfer = try Transfer(request, loop: loop)
            defer { transfer.giveUp() }
            let response = try await transfer.response()
            guard let url = response.sameServer(as: request.url) else {
                return try await body(response)
            }
            request.url = url
        }
        throw HTTPError(.invalid, "'\(request.url.origin)' redirects in circles")
    }

    private static let mostRedirects = 5
}

extension Response {
    /// Where the request belongs instead, if that is at the same server and it may be repeated
    /// as it is.
    fileprivate func sameServer(as url: URL) -> URL? {
        guard status == 307 || status == 308, let location = headers["location"],
            let target = try? url.resolving(location), target.origin == url.origin
        else { return nil }
        return target
    }
}
