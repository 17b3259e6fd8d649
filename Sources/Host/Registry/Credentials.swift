internal import JSON
internal import Text
internal import Unix

/// The proof for a registry of who asks: a name and a password, or a token to get others with.
enum Credentials: Equatable, Sendable {
    case password(user: String, password: String)
    case identityToken(String)

    /// Reads the credentials for a registry from the file that `docker login` writes:
    /// `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`. Programs that keep credentials are
    /// not run.
    ///
    /// - Returns: Nil if there are none, or if the file cannot be read.
    init?(for registry: String, environment: [String: String]) {
        let home = BaseDirectories(environment: environment).home
        let folder =
            environment["DOCKER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
            ?? home.map { "\($0)/.docker" }
        guard let folder,
            let bytes = try? File.readRegular("\(folder)/config.json", limit: 1 << 20).bytes,
            let value = try? Value(parsing: bytes), let entries = value["auths"]?.object
        else { return nil }
        self.init(for: registry, in: entries)
    }

    /// - Parameter entries: The member `auths` of docker's configuration.
    init?(for registry: String, in entries: Members) {
        let names =
            registry == "docker.io" ? ["https://index.docker.io/v1/", registry] : [registry]
        for (key, value) in entries where names.contains(Self.host(key, among: names)) {
            if let token = value["identitytoken"]?.string, !token.isEmpty {
                self = .identityToken(token)
                return
            }
            if let user = value["username"]?.string, let password = value["password"]?.string {
                self = .password(user: user, password: password)
                return
            }
            guard let text = value["auth"]?.string, let bytes = try? Base64.decode(text) else {
                continue
            }
            let pair = String(decoding: bytes, as: UTF8.self)
            guard let colon = pair.firstIndex(of: ":") else { continue }
            self = .password(
                user: String(pair[..<colon]), password: String(pair[pair.index(after: colon)...]))
            return
        }
        return nil
    }

    /// Returns the host of a key, which may be an address.
    private static func host(_ key: String, among names: [String]) -> String {
        if names.contains(key) { return key }
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) {
            return String(key.dropFirst(scheme.count).prefix { $0 != "/" }).lowercased()
        }
        return key.lowercased()
    }

    /// The field `Authorization` for a server that takes a password.
    var basic: String? {
        guard case .password(let user, let password) = self else { return nil }
        return "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
    }
}
