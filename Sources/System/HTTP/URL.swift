import CCurl

/// The address of a resource on a web server, as libcurl reads it.
package struct URL: Sendable, Equatable {
    package let text: String

    /// The scheme, host and port. They may be shown to anyone, as a password would be in another
    /// part.
    package let origin: String

    /// The host in lower case, an IPv6 address without its brackets.
    let host: String

    /// The port; the default of the scheme if the text has none.
    let port: Int

    /// - Throws: `.invalid` for a text that is not an `http` or `https` URL.
    package init(_ text: String) throws(HTTPError) {
        try self.init(text, relativeTo: nil)
    }

    private init(_ text: String, relativeTo base: URL?) throws(HTTPError) {
        let parts = curl_url()
        defer { curl_url_cleanup(parts) }
        if let base { curl_url_set(parts, CURLUPART_URL, base.text, 0) }
        guard curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts),
            scheme == "http" || scheme == "https",
            let host = Self.part(CURLUPART_HOST, of: parts),
            let whole = Self.part(CURLUPART_URL, of: parts)
        else { throw HTTPError(.invalid, "not an address that begins with http:// or https://") }
        let port = Self.part(CURLUPART_PORT, of: parts, flags: UInt32(CURLU_NO_DEFAULT_PORT))
        self.text = whole
        self.host = host.lowercased().filter { $0 != "[" && $0 != "]" }
        self.port = port.flatMap { Int($0) } ?? (scheme == "https" ? 443 : 80)
        origin = "\(scheme)://\(host.lowercased())" + (port.map { ":\($0)" } ?? "")
    }

    /// Returns the URL that a `Location` field in an answer from here means.
    package func resolving(_ reference: String) throws(HTTPError) -> URL {
        try URL(reference, relativeTo: self)
    }

    /// Returns this URL with a path added, before its query if it has one.
    package func appending(path: String) throws(HTTPError) -> URL {
        let query = text.firstIndex(of: "?") ?? text.endIndex
        var start = text[..<query]
        while start.last == "/" { start.removeLast() }
        return try URL("\(start)/\(path)\(text[query...])")
    }

    private static func part(
        _ part: CURLUPart, of parts: OpaquePointer?, flags: UInt32 = 0
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
