package import Agent
internal import Configuration
package import FilterKit
internal import Text
internal import Unix

/// The settings that `.set` changes.
package struct Preferences: Sendable {
    package var overrides: AgentOverrides

    /// True to show context, tool calls and their results in full.
    package var isVerbose = false

    /// True to show text as it comes; nil if that depends on the agent and the output.
    package var streams: Bool?
    package var isStyled: Bool

    /// The preferences from the command line.
    private let given: (overrides: AgentOverrides, streams: Bool?, isStyled: Bool)

    package static let switches = ["verbose", "stream", "styling"]
    package static let approvals = ["ask", "always", "never", "hints"]
    package static let names =
        switches + [
            "model", "system", "max-iterations", "max-tokens-total", "timeout", "allow", "deny",
            "approve",
        ]

    package init(_ overrides: AgentOverrides, streams: Bool?, isStyled: Bool) {
        self.overrides = overrides
        self.streams = streams
        self.isStyled = isStyled
        given = (overrides, streams, isStyled)
    }

    /// Changes a setting.
    ///
    /// - Parameter text: `NAME VALUE`, or `KEY=VALUE` for a setting of the model's plugin. The
    ///   value `default` resets a setting; that of the plugin also as `KEY default`.
    /// - Returns: True if the agent's filters have to be restarted.
    package mutating func set(_ text: String) throws(Failure) -> Bool {
        let name = String(text.prefix { !$0.isWhitespace })
        let value = String(text.dropFirst(name.count).trimmed)
        if let equals = name.firstIndex(of: "="), equals != name.startIndex {
            let key = String(name[..<equals])
            let option = String(text.trimmed)
            if option.dropFirst(key.count + 1) == Self.standard {
                guard resetOption(key) else {
                    throw Failure(
                        .usage, "'\(key)' was not set, so there is nothing to take back")
                }
            } else {
                overrides.options.removeAll { $0.hasPrefix("\(key)=") }
                overrides.options.append(option)
            }
            return true
        }
        guard Self.names.contains(name) else {
            if value == Self.standard, resetOption(name) { return true }
            throw Failure(
                .usage,
                "'\(name)' is no setting, nor KEY=VALUE for the model's plugin: "
                    + expectation(of: name, among: Self.names))
        }
        if value.isEmpty { throw Failure(.usage, "'.set \(name)' needs a value") }
        if value == Self.standard {
            reset(name)
            return !Self.switches.contains(name)
        }
        switch name {
        case "verbose": isVerbose = try Self.isOn(value, name)
        case "stream": streams = try Self.isOn(value, name)
        case "styling": isStyled = try Self.isOn(value, name)
        case "model": overrides.model = value
        case "system": overrides.system = value
        case "max-iterations": overrides.maxIterations = try Self.number(value, name)
        case "max-tokens-total": overrides.maxTokensTotal = try Self.number(value, name)
        case "timeout":
            guard let timeout = Timeout(argument: value) else {
                throw Failure(.usage, "timeout must be a time such as 90s, not '\(value)'")
            }
            overrides.take(timeout)
        case "approve":
            guard Self.approvals.contains(value) else {
                throw Failure(
                    .usage, "approve must be ask, always, never or hints, not '\(value)'")
            }
            overrides.permissions += ["--approve", value]
        default: overrides.permissions += ["--\(name)", value]
        }
        return !Self.switches.contains(name)
    }

    /// Has the stores searched that the agent or the command line names.
    mutating func resetStores() { overrides.stores = given.overrides.stores }

    /// The value that resets a setting.
    package static let standard = "default"

    private mutating func reset(_ name: String) {
        switch name {
        case "verbose": isVerbose = false
        case "stream": streams = given.streams
        case "styling": isStyled = given.isStyled
        case "model": overrides.model = given.overrides.model
        case "system": overrides.system = given.overrides.system
        case "max-iterations": overrides.maxIterations = given.overrides.maxIterations
        case "max-tokens-total": overrides.maxTokensTotal = given.overrides.maxTokensTotal
        case "timeout":
            (overrides.timeout, overrides.longestWait) = (
                given.overrides.timeout, given.overrides.longestWait
            )
        default:
            var kept = given.overrides.permissions
            for index in stride(from: kept.count, to: overrides.permissions.count, by: 2)
            where overrides.permissions[index] != "--\(name)" {
                kept += overrides.permissions[index...].prefix(2)
            }
            overrides.permissions = kept
        }
    }

    /// Resets a setting of the model's plugin to its value on the command line, if any.
    ///
    /// - Returns: True if the setting exists.
    private mutating func resetOption(_ key: String) -> Bool {
        let isOfKey = { (option: String) in option.hasPrefix("\(key)=") }
        guard overrides.options.contains(where: isOfKey) else { return false }
        overrides.options.removeAll(where: isOfKey)
        overrides.options += given.overrides.options.filter(isOfKey)
        return true
    }

    /// All settings, with their values.
    package var text: String {
        func onOff(_ isOn: Bool) -> String { isOn ? "on" : "off" }
        var rows = [
            ["verbose", onOff(isVerbose)], ["stream", streams.map(onOff) ?? "(by the output)"],
            ["styling", onOff(isStyled)], ["model", overrides.model ?? "(the plugin's)"],
            ["system", overrides.system ?? "(the agent's)"],
            ["max-iterations", overrides.maxIterations.map(String.init) ?? "(the agent's)"],
            ["max-tokens-total", overrides.maxTokensTotal.map(String.init) ?? "(the agent's)"],
            ["timeout", overrides.timeout ?? "10m"],
        ]
        if !overrides.permissions.isEmpty {
            rows.append([
                "tools", Settings.masked(words: overrides.permissions).joined(separator: " "),
            ])
        }
        rows += overrides.options.map { option in
            let key = option.prefix { $0 != "=" }
            let value = String(option.dropFirst(key.count + 1))
            return [String(key), Settings.masked(value, of: String(key))]
        }
        return Table(rows: rows.map { row in row.map { VisibleText($0).description } }).text
    }

    package static func isOn(_ value: String, _ name: String) throws(Failure) -> Bool {
        switch value {
        case "on", "yes", "true": true
        case "off", "no", "false": false
        default: throw Failure(.usage, "'\(name)' is on or off, not '\(value)'")
        }
    }

    private static func number(_ value: String, _ name: String) throws(Failure) -> Int {
        guard let number = Int(value), number > 0 else {
            throw Failure(
                .usage, "\(name) must be a whole number of at least 1, not '\(value)'")
        }
        return number
    }
}
