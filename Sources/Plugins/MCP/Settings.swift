import PluginKit

/// The values of `protocol`.
private enum Protocol: String, CaseIterable {
    case auto
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"
}

extension Server {
    init(_ settings: Configuration) throws {
        try settings.refuseUnknown(
            besides: [
                "command", "args", "env", "url", "headers", "timeout", "max_timeout", "protocol",
            ])
        let spoken: Protocol = try settings.choice("protocol", default: .auto)
        let log = Logger("server")
        let timeout = try settings.duration("timeout", default: .seconds(300))
        guard timeout > .zero else {
            throw ConfigurationError.invalid(
                "timeout", settings["timeout"] ?? "", expected: "a duration above 0")
        }
        let longest = try settings.duration("max_timeout", default: max(.seconds(3600), timeout))
        guard longest >= timeout else {
            throw ConfigurationError.invalid(
                "max_timeout", settings["max_timeout"] ?? "",
                expected: "a duration that is not below that of 'timeout'")
        }
        self.init(
            try Target(settings), revision: Revision(rawValue: spoken.rawValue), timeout: timeout,
            longest: longest
        ) { level, message in
            switch level {
            case .debug: log.debug(message)
            case .info: log.info(message)
            case .warn: log.warn(message)
            case .error: log.error(message)
            }
        }
    }
}

extension Server.Target {
    fileprivate init(_ settings: Configuration) throws {
        guard let url = settings["url"] else {
            guard let command = settings["command"], !command.isEmpty else {
                throw ConfigurationError.missing(
                    "command", expected: "a program to run, or 'url' instead")
            }
            guard settings["headers"] == nil else {
                throw ConfigurationError.invalid("headers", "…", expected: "nothing without 'url'")
            }
            // A list includes the arguments, as the configurations of other hosts may have it.
            let words = command.first == "[" ? try settings.list("command") : [command]
            guard let program = words.first, !program.isEmpty else {
                throw ConfigurationError.invalid(
                    "command", "…", expected: "a program to run, first in the list")
            }
            self = .program(
                ServerProgram(
                    command: program, arguments: words.dropFirst() + (try settings.list("args")),
                    additional: Dictionary(try settings.pairs("env")) { $1 }))
            return
        }
        for name in ["command", "args", "env"] where settings[name] != nil {
            throw ConfigurationError.invalid(name, "…", expected: "nothing beside 'url'")
        }
        guard let address = Address(url: url, headers: try settings.pairs("headers")) else {
            throw ConfigurationError.invalid(
                "url", "…", expected: "an address that begins with http:// or https://")
        }
        self = .address(address)
    }
}

extension Configuration {
    /// - Throws: Without what the setting is, for there may be a secret in it.
    fileprivate func list(_ name: String) throws -> [String] {
        guard let text = self[name] else { return [] }
        guard let strings = strings(inJSON: text) else {
            throw ConfigurationError.invalid(
                name, "…", expected: #"a JSON list of strings, such as ["-y", "server"]"#)
        }
        return strings
    }

    /// - Throws: Without what the setting is, for there may be a secret in it.
    fileprivate func pairs(_ name: String) throws -> [(String, String)] {
        guard let text = self[name] else { return [] }
        guard let pairs = stringMembers(inJSON: text) else {
            throw ConfigurationError.invalid(
                name, "…", expected: #"a JSON object of strings, such as {"KEY": "value"}"#)
        }
        return pairs
    }
}
