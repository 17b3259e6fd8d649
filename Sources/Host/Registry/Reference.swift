package import PackageFiles
internal import Text

/// A reference to an artifact in an OCI registry: `oci://HOST[:PORT]/NAME[:TAG][@sha256:…]`.
///
/// With `oci+http://` the registry is asked without TLS, which only this machine's own may be.
package struct Reference: Equatable, Sendable {
    /// The text that the user gave.
    package let text: String

    /// The registry: host and port as they were given, in lower case.
    package let registry: String

    /// The name of the repository.
    package let repository: String

    package let tag: String?

    /// The digest, `sha256:…`, if the reference names one.
    package let digest: String?

    /// The address before `/v2/`.
    let base: String

    package static let schemes = ["oci://", "oci+http://"]

    /// True if a text is meant as a reference.
    package static func isReference(_ text: String) -> Bool {
        schemes.contains { text.hasPrefix($0) }
    }

    package init(_ text: String) throws(PackageError) {
        func malformed(_ problem: String) -> PackageError {
            PackageError(
                .usage,
                "'\(VisibleText(text))' \(problem), expected "
                    + "oci://HOST[:PORT]/NAME[:TAG] or oci://HOST[:PORT]/NAME@sha256:DIGEST")
        }
        guard let scheme = Self.schemes.first(where: { text.hasPrefix($0) }) else {
            throw malformed("is not a reference to a registry")
        }
        var rest = text.dropFirst(scheme.count)
        var digest: String?
        if let at = rest.lastIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            guard isDigest(digest!) else { throw malformed("has no digest after '@'") }
            rest = rest[..<at]
        }
        guard let slash = rest.firstIndex(of: "/") else { throw malformed("has no name") }
        let host = rest[..<slash].lowercased()
        guard let authority = Authority(host) else { throw malformed("has no host") }
        var name = rest[rest.index(after: slash)...]
        var tag: String?
        if let colon = name.lastIndex(of: ":") {
            tag = String(name[name.index(after: colon)...])
            guard isTag(tag!) else { throw malformed("has a malformed tag") }
            name = name[..<colon]
        }
        guard isRepository(name) else { throw malformed("has a malformed name") }
        if scheme == "oci+http://", !authority.isLoopback {
            throw PackageError(
                .notPermitted,
                "'\(VisibleText(text))' would be fetched without TLS, which is only for registries on "
                    + "this machine; give oci://\(host)/… instead")
        }
        let isDockerHub = ["docker.io", "index.docker.io", "registry-1.docker.io"].contains(host)
        self.text = text
        registry = isDockerHub ? "docker.io" : host
        repository = isDockerHub && !name.contains("/") ? "library/\(name)" : String(name)
        self.tag = tag
        self.digest = digest
        let server = isDockerHub ? "registry-1.docker.io" : host
        base = "\(scheme == "oci://" ? "https" : "http")://\(server)"
    }

    /// The part after `manifests/` that the reference asks for.
    var wanted: String { digest ?? tag ?? "latest" }

    /// The registry and the repository, as a signature has them.
    package var name: String { "\(registry)/\(repository)" }

    /// Returns true if a signature's `docker-reference` names this repository.
    func isNamed(by identity: String) -> Bool {
        // Without a scheme, as docker writes it; the tag does not matter.
        (try? Reference("oci://\(identity)"))?.name == name
    }
}

/// The host and port of a server.
struct Authority {
    let host: String
    let port: Int?

    /// - Parameter text: `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`, in lower case.
    init?(_ text: some StringProtocol) {
        var host = Substring(text)
        var port: Substring?
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            host = host[host.index(after: host.startIndex)..<end]
            let isAddress = host.utf8.allSatisfy { isHex($0) || $0 == 0x3A || $0 == 0x2E }
            guard isAddress else { return nil }
            if !rest.isEmpty {
                guard rest.hasPrefix(":") else { return nil }
                port = rest.dropFirst()
            }
        } else {
            if let colon = host.firstIndex(of: ":") {
                port = host[host.index(after: colon)...]
                host = host[..<colon]
            }
            guard host.utf8.allSatisfy({ isAlphanumeric($0) || $0 == 0x2E || $0 == 0x2D }),
                !host.hasPrefix("-"), !host.hasPrefix(".")
            else { return nil }
        }
        if host.isEmpty { return nil }
        self.host = String(host)
        guard let port else {
            self.port = nil
            return
        }
        guard let number = UInt16(port), number > 0 else { return nil }
        self.port = Int(number)
    }

    /// The host of an address such as `https://host:443/path`.
    init?(origin: String) {
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        self.init(parts[2])
    }

    /// True if the host is this machine and cannot be another one.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// True for `sha256:` and 64 lower-case hexadecimal digits, the digests that are accepted.
func isDigest(_ text: String) -> Bool {
    let digits = text.dropFirst("sha256:".count)
    return text.hasPrefix("sha256:") && digits.utf8.count == 64 && digits.utf8.allSatisfy(isHex)
}

private func isTag(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && !text.hasPrefix(".") && !text.hasPrefix("-")
        && text.utf8.allSatisfy {
            isAlphanumeric($0) || (0x41...0x5A).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
        }
}

/// True for a name as the specification of OCI distribution has it.
private func isRepository(_ name: Substring) -> Bool {
    !name.isEmpty && name.utf8.count <= 255
        && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last) && !part.contains("..")
                && part.utf8.allSatisfy {
                    isAlphanumeric($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D
                }
        }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
}

private func isHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
}
