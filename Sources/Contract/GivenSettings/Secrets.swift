extension GivenSettings {
    /// The endings of secret names: of settings, variables, options, headers and parts of queries.
    private static let secretWords = [
        "key", "token", "secret", "password", "passwd", "passphrase", "authorization", "credential",
        "credentials", "cookie", "signature", "bearer", "api_keys", "passwords", "secrets",
    ]

    /// The words that make a name secret as the whole name, or as the last part of it.
    private static let secretParts: Set<String> = ["pass", "pwd", "auth", "sig", "dsn"]

    /// The settings whose values are all taken for secret, since the user chooses the names in
    /// them.
    package static let secretGroups: Set<String> = ["headers", "env", "environment"]

    /// True for a name of a setting, variable, option or header whose value has to stay hidden.
    package static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        if secretGroups.contains(name) { return true }
        let parts = name.split { "_-.".contains($0) }
        return parts.last.map { secretParts.contains(String($0)) } == true
            || secretWords.contains { word in
                // `max_tokens` is a count, not a secret.
                name.hasSuffix(word)
                    || ["_", "-"].contains { name.hasPrefix(word + $0) } && !isPlace(name)
            }
    }

    /// True for the name of a setting that only states where a secret is, such as `token_file`.
    private static func isPlace(_ name: String) -> Bool {
        ["file", "path", "url", "uri", "command"].contains { name.hasSuffix($0) }
    }
}
