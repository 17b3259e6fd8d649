/// A client that sends any number of requests at a time and reuses connections.
///
/// The proxies are set by `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, the trusted
/// certificates by `CURL_CA_BUNDLE`, `SSL_CERT_FILE` and `SSL_CERT_DIR`. The connections close with
/// the client.
package final class Client: Sendable {
    private let loop = Loop()

    package init() {}

    deinit { loop.close() }

    /// Sends a request and runs `body` with the answer. The part that `body` leaves unread is
    /// dropped.
    ///
    /// A redirection of the same request to another address of the same server is followed. Any
    /// other redirection is returned as an answer, because the headers are not meant for other
    /// servers. Cancelling the task cancels the request.
    ///
    /// - Throws: The errors of `body`, and ``HTTPError``.
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
    /// The address to which the request is redirected, if that is at the same server and the
    /// request may be repeated unchanged.
    fileprivate func sameServer(as url: URL) -> URL? {
        guard status == 307 || status == 308, let location = headers["location"],
            let target = try? url.resolving(location), target.origin == url.origin
        else { return nil }
        return target
    }
}
