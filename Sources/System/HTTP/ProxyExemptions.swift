/// The servers that `no_proxy` names with a port, a form that libcurl does not support.
///
/// An entry such as `models.internal:8080`, `.internal:443` or `[::1]:11434` exempts one port of a
/// host or of a domain. Entries without a port are left to libcurl.
package struct ProxyExemptions: Sendable {
    private struct Entry {
        let host: String
        let port: Int

        /// True if it means only the names below the host.
        let isDomain: Bool
    }

    private let entries: [Entry]

    static let fromEnvironment = ProxyExemptions(
        environmentVariable("no_proxy") ?? environmentVariable("NO_PROXY") ?? "")

    /// - Parameter list: The entries as in the environment, separated by commas or blanks.
    package init(_ list: String) {
        entries = list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).compactMap { text in
            guard let colon = text.lastIndex(of: ":"),
                let port = Int(text[text.index(after: colon)...])
            else { return nil }
            var host = text[..<colon].lowercased()
            // Everything except an IPv6 address in brackets has one colon.
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = String(host.dropFirst().dropLast())
            } else if host.contains(":") {
                return nil
            }
            if host.hasPrefix("*.") { host.removeFirst() }
            let isDomain = host.hasPrefix(".")
            if isDomain { host.removeFirst() }
            return host.isEmpty ? nil : Entry(host: host, port: port, isDomain: isDomain)
        }
    }

    /// Returns true for a server that is reached without a proxy.
    package func contains(_ url: URL) -> Bool {
        let host = url.host
        return entries.contains { entry in
            entry.port == url.port
                && (host == entry.host && !entry.isDomain || host.hasSuffix(".\(entry.host)")
                    || entry.host == "*")
        }
    }
}
