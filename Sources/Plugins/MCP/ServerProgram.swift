internal import Unix

/// The program to run as a server, with its arguments and environment.
package struct ServerProgram: Sendable {
    /// A path, or a name to look for in PATH.
    let command: String
    let arguments: [String]
    private let variables: [String: String]

    /// - Parameters:
    ///   - additional: The server's environment variables besides those that any program needs.
    ///   - own: All variables in this process's environment; nil means the actual ones. There may
    ///     be keys in it that are not meant for the server.
    package init(
        command: String, arguments: [String], additional: [String: String],
        own: [String: String]? = nil
    ) {
        let own = own ?? Environment.current
        self.command = Path.expandingTilde(command, home: own["HOME"])
        self.arguments = arguments
        secrets = Secrets(Array(additional.values))
        variables = own.filter { Self.isHandedOn($0.key) }.merging(additional) { $1 }
    }

    /// The texts that only the server is meant to know.
    let secrets: Secrets

    var name: String {
        Path.name(of: isCommandLine ? String(command.prefix { !$0.isWhitespace }) : command)
    }

    /// True if the command looks like a program with its arguments, which may be secret, and is not
    /// a file.
    var isCommandLine: Bool {
        command.contains(where: \.isWhitespace) && (try? File(command)) == nil
    }

    /// The variables, `NAME=value` each.
    var environment: [String] { variables.map { "\($0)=\($1)" }.sorted() }

    /// The file to run. A name without a slash is looked for in the server's PATH.
    var path: String? {
        if command.contains("/") { return command }
        let folders = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return folders.split(separator: ":").lazy.map { "\($0)/\(command)" }
            .first(where: File.isExecutable)
    }

    private static func isHandedOn(_ name: String) -> Bool {
        let needed: Set = [
            "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "SSL_CERT_DIR",
            "SSL_CERT_FILE", "TERM", "TMPDIR", "TZ", "USER",
        ]
        let proxies: Set = ["all_proxy", "http_proxy", "https_proxy", "no_proxy"]
        return needed.contains(name) || proxies.contains(name.lowercased())
            || name.hasPrefix("LC_") || name.hasPrefix("XDG_")
    }
}
