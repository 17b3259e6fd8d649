internal import HTTP

/// The address of a server that is already running, with the headers that it requires in each
/// request.
package struct Address: Sendable {
    let url: URL
    let headers: [(String, String)]

    /// The texts that only the server is meant to know.
    let secrets: Secrets

    /// - Returns: Nil for a URL that is not `http` or `https`.
    package init?(url: String, headers: [(String, String)]) {
        guard let url = try? URL(url) else { return nil }
        self.url = url
        self.headers = headers
        secrets = Secrets(headers.map(\.1))
    }

    /// The URL in a form that is safe to show: without a password, and without a query that may be
    /// one.
    var shown: String {
        Self.shown(url)
    }

    /// True for a path at which servers often have the transport of 2024-11-05.
    var looksLikeEventStream: Bool {
        url.text.prefix { $0 != "?" && $0 != "#" }.hasSuffix("/sse")
    }

    static func shown(_ url: URL) -> String {
        let afterScheme = url.text.drop { $0 != ":" }.dropFirst(3)
        let path = afterScheme.drop { $0 != "/" }
        return url.origin + path.prefix { $0 != "?" && $0 != "#" }
    }
}
