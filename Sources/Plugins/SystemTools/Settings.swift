import JSON
import PluginKit
import Text
import Unix

extension ToolsetSettings {
    init(_ settings: Configuration) throws {
        try settings.refuseUnknown(besides: [
            "working_directory", "read_only", "allowed_commands", "environment",
            "command_timeout", "search_timeout", "max_output", "max_file_size", "todo_file",
            "allow_path", "protect_path",
        ])
        self.init(workingDirectory: try settings.path("working_directory", default: "."))
        isReadOnly = try settings.bool("read_only", default: false)
        allowedCommands = try settings.names("allowed_commands")
        allowedPaths = try settings.names("allow_path")
        protectedPaths = try settings.names("protect_path")
            .map { Path.absolute($0, in: Directory.current) }
        environment = try settings.variables("environment")
        commandTimeout = try settings.time("command_timeout", default: commandTimeout)
        searchTimeout = try settings.time("search_timeout", default: searchTimeout)
        mostOutput = try settings.int("max_output", default: mostOutput, in: 1000...100_000_000)
        largestFile = try settings.int("max_file_size", default: largestFile, in: 0...1 << 30)
        if settings["todo_file"] != nil { todoFile = try settings.path("todo_file") }
    }
}

extension Configuration {
    /// Reads a JSON list, or names separated by commas.
    fileprivate func names(_ name: String) throws -> [String] {
        guard let text = self[name] else { return [] }
        guard text.hasPrefix("[") else {
            return text.split(separator: ",").map { String($0.trimmed) }
        }
        let list = try? Value(parsing: Array(text.utf8)).array
        let names = list?.compactMap(\.string)
        guard let names, names.count == list?.count else {
            throw ConfigurationError.invalid(
                name, text, expected: #"names such as ls,git or ["ls", "git"]"#)
        }
        return names
    }

    /// - Throws: An error without the value of the setting, which may be secret.
    fileprivate func variables(_ name: String) throws -> [String: String] {
        guard let text = self[name] else { return [:] }
        let object = try? Value(parsing: Array(text.utf8)).object
        var variables: [String: String] = [:]
        for (key, value) in object ?? [:] {
            switch value {
            case .string(let text): variables[key] = text
            case .number(let spelling): variables[key] = spelling
            case .bool(let bool): variables[key] = "\(bool)"
            default: break
            }
        }
        let isSound = variables.allSatisfy { key, value in
            !key.isEmpty && !key.contains("=") && !"\(key)\(value)".utf8.contains(0)
        }
        guard let object, variables.count == object.count, isSound else {
            throw ConfigurationError.invalid(
                name, "…", expected: #"a JSON object of strings, such as {"KEY": "value"}"#)
        }
        return variables
    }

    fileprivate func time(_ name: String, default standard: Duration) throws -> Duration {
        let time = try duration(name, default: standard)
        guard time > .zero else {
            throw ConfigurationError.invalid(name, self[name] ?? "", expected: "more than 0")
        }
        return time
    }
}
