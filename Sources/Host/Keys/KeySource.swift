internal import Unix

/// A place that has the value of a plugin's setting, which is looked at when the plugin is started.
package enum KeySource: Sendable {
    /// The absolute path of a file with the key.
    case file(String)
    case command(KeyCommand)

    /// A text that needs the values of keys of the user's store.
    case stored([String], fill: @Sendable ([String: String]) -> String)

    func value(
        _ environment: [String: String], onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) -> String {
        switch self {
        case .file(let path):
            do throws(SecretFileError) { return try SecretFile.read(path) } catch {
                if case .exposed(let reason) = error { throw KeyError(reason, isExposure: true) }
                throw KeyError("\(error)")
            }
        case .command(let command):
            return try await command.value(environment, onMessage: onMessage)
        case .stored(let names, let fill):
            let store = KeyStore(environment: environment)
            var values: [String: String] = [:]
            for name in names { values[name] = try await store.value(name, onMessage: onMessage) }
            return fill(values)
        }
    }
}

/// A command whose first line of output is a key, as git's credential helpers print one.
package struct KeyCommand: Sendable {
    package enum Form: Sendable {
        /// A command line for sh(1).
        case shell(String)
        /// A program and its arguments, which is run directly.
        case words([String])
    }

    package let form: Form

    /// The directory at which the program's path starts if it is a relative one.
    package let directory: String

    package init(_ form: Form, in directory: String) {
        self.form = form
        self.directory = directory
    }

    /// The program without its arguments, which may be secret.
    private var name: String {
        switch form {
        case .shell(let line):
            line.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        case .words(let words): words.first ?? ""
        }
    }

    func value(
        _ environment: [String: String], onMessage: @escaping @Sendable (String) -> Void
    ) async throws(KeyError) -> String {
        let path: String
        let arguments: [String]
        switch form {
        case .shell(let line): (path, arguments) = ("/bin/sh", ["-c", line])
        case .words(let words):
            guard let found = CredentialProgram.path(of: name, in: directory, environment) else {
                throw KeyError("cannot run '\(name)', which prints the key: it is not in PATH")
            }
            (path, arguments) = (found, Array(words.dropFirst()))
        }
        let result = try await CredentialProgram(
            name: "'\(name)', which prints the key,", path: path, arguments: arguments,
            environment: environment
        ).run(onMessage: onMessage)
        guard result.hasSucceeded else {
            throw KeyError("'\(name)', which prints the key, \(result.ending)")
        }
        var line = result.lines.first ?? ""
        if line.last == "\r" { line.removeLast() }
        guard !line.isEmpty else {
            throw KeyError("'\(name)' printed no key, expected one on its first line")
        }
        return line
    }
}
