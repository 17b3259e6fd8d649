package import JSON

/// An entry of a plugin's log in the form of HashiCorp's hclog, which go-plugin's hosts read from
/// standard error: a JSON object a line.
package struct LogEntry: Equatable, Sendable {
    package enum Level: String, CaseIterable, Sendable {
        case trace, debug, info, warn, error
    }

    package let level: Level
    package let message: String

    /// The part of the plugin that speaks; empty for the plugin as a whole.
    package let module: String

    /// RFC 3339; empty if it is not known.
    package let time: String

    /// All that the plugin says beside the message.
    package let values: Members

    package init(
        _ level: Level, _ message: String, module: String = "", time: String = "",
        values: Members = [:]
    ) {
        self.level = level
        self.message = message
        self.module = module
        self.time = time
        self.values = values
    }

    /// Reads a line. Any type in any place is possible: nothing in it is taken for granted.
    ///
    /// - Returns: Nil for what is not a JSON object, or has no level that is known.
    package init?(line: some Collection<UInt8>) {
        guard case .object(let members)? = try? Value(parsing: Array(line)) else { return nil }
        var level: Level?
        var (message, module, time) = ("", "", "")
        var values = Members()
        for (key, value) in members {
            switch (key, value) {
            case (Key.level, .string(let text)): level = Level(rawValue: text.lowercased())
            case (Key.message, .string(let text)): message = text
            case (Key.module, let value): module = value.string ?? ""
            case (Key.time, let value): time = value.string ?? ""
            case (Key.caller, _): continue
            default: values.append(key, value)
            }
        }
        guard let level else { return nil }
        self.init(level, message, module: module, time: time, values: values)
    }

    /// The entry as a line, its newline included.
    package var line: [UInt8] {
        var members: Members = [
            Key.level: .string(level.rawValue), Key.message: .string(message),
        ]
        if !module.isEmpty { members.append(Key.module, .string(module)) }
        if !time.isEmpty { members.append(Key.time, .string(time)) }
        for (key, value) in values { members.append(key, value) }
        return Array("\(Value.object(members))\n".utf8)
    }

    /// The names that hclog gives to what each entry has.
    private enum Key {
        static let level = "@level"
        static let message = "@message"
        static let module = "@module"
        static let time = "@timestamp"
        static let caller = "@caller"
    }
}
